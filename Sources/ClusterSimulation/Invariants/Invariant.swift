/// What is checked in every run, whatever the scenario asks for beside it.
///
/// The first fourteen hold always: after each event they are checked on the member that it touched,
/// and on everything that changed once in each simulated second, at each fault, and at the end. The
/// last seven are due after the last fault, within `Bounds`, on each group of members that reach one
/// another.
///
/// What must *not* be asserted while a partition lasts, and isn't: one leader in the whole cluster;
/// equal maps; a leader that stays, before the time of detection is over; no false suspicion under
/// loss or pauses; that who is taken for dead has crashed; symmetric or transitive views (bridge, ring,
/// one-way cuts); that the larger side wins; that last-writer-wins keeps the write that was later in
/// real time, under skew; one order of membership events on all members; bounded staleness; that both
/// sides meet as many conflicts. Nor how long a detection takes in one seed: that is a distribution.
public enum Invariant: String, CaseIterable, Sendable {
  /// The boot and incarnation that a member recorded of another never go back while it lives, and never
  /// exceed the other's own.
  case incarnation = "I1 incarnation"
  /// At one boot and incarnation a state only gets worse: alive, suspect, dead. Back to alive needs a
  /// larger pair, or the end of being held apart.
  case precedence = "I2 precedence"
  /// A running member takes itself for alive at the end of each event, and an accusation raises its
  /// incarnation by one.
  case own = "I3 self"
  /// The leader is the lowest eligible member of the member's own view, and terms only grow.
  case leader = "I4 leader"
  /// A store only grows in what it has seen: what it held goes when its successor comes, or when it was
  /// a delete that all know.
  case growth = "I5 growth"
  /// One stamp of one key has one value, for ever, and an overwrite's stamp is larger than what it saw.
  case uniqueness = "I6 uniqueness"
  /// All that is held was written.
  case provenance = "I7 provenance"
  /// A member reads what it wrote itself.
  case ownWrites = "I8 own writes"
  /// What is offered to the resolver is concurrent: none had seen another one.
  case concurrency = "I9 concurrency"
  /// The resolver's answer depends on the candidates alone.
  case resolver = "I10 resolver"
  /// No packet is larger than its limit, each is read as it was written, and a damaged one changes
  /// nothing.
  case wire = "I11 wire"
  /// Everything that grows stays within what the numbers of members and keys allow.
  case bounds = "I12 bounds"
  /// What a member's events told makes up its view and its store.
  case events = "I13 events"
  /// The hybrid logical clock never goes back, and is never more than two seconds ahead of all that
  /// the member's own wall clock ever showed.
  case clock = "I14 clock"
  /// The core's own checks of its structures.
  case core = "core"
  /// What the driver is asked for makes sense.
  case driver = "driver"
  /// All take for dead who doesn't run, or can't be reached.
  case completeness = "L1 completeness"
  /// None who runs and can be reached is taken for dead.
  case accuracy = "L2 accuracy"
  /// All confirm the lowest of them as the leader, under one term.
  case agreement = "L3 leader"
  /// All hold the same, and no delete is remembered where all expected members are there.
  case equality = "L4 equality"
  /// Once all is well it stays so: no store changes, the resolver isn't asked, packets are few.
  case quiet = "L5 quiet"
  /// An acknowledged write that a living process held is there, or what had seen it.
  case lostWrite = "L6 lost write"
  /// What was deleted, and forgotten by all, never returns.
  case resurrection = "L7 resurrection"
}

/// A broken invariant, and how.
struct Broken {
  var invariant: Invariant
  var detail: String

  init(_ invariant: Invariant, _ detail: String) {
    self.invariant = invariant
    self.detail = detail
  }
}
