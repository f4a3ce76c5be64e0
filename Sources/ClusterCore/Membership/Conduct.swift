/// What a member notices of its own fitness: whether it wrongly accuses others, is wrongly accused
/// itself, or was deaf while the others heard it.
///
/// One member with a bad link makes a whole cluster restless: it is suspected and refutes, it suspects
/// and is refuted, again and again, and no single event is wrong. Such a member is *degraded*: it
/// remains a member, but it doesn't lead, and its accusations don't count, until it has behaved for a
/// whole window. It says so of itself, in every packet, so that all judge alike (compare Rapid, Suresh
/// and others 2018, section 2, and the flapping that it shows of memberlist and Akka).
///
/// What comes within one burst is one event: the end of a short cut, which everybody notices alike, is
/// nobody's fault. Nor is a network that loses packets of all alike: by bad luck one member is accused
/// more than the others. It can tell: where a third of the others, and at least two, were accused as
/// well, and not by this member alone, who might be the one that doesn't hear, it is the network.
///
/// The state is bounded: at most `most` entries of each kind.
package struct Conduct: Hashable, Sendable {
  /// One thing that happened, and who else was part of it.
  package struct Entry: Hashable, Sendable {
    package var other: Int
    package var at: Instant
    package var burst: UInt64
  }

  /// Others that this member accused, and that then turned out to live.
  package private(set) var mistaken: [Entry] = []
  /// Others that accused this member, which lived.
  package private(set) var accused: [Entry] = []
  /// Of them, those that hadn't heard its refutation seconds later.
  package private(set) var unheard: [Entry] = []
  /// Others that had heard this member all the while, when it heard them again.
  package private(set) var deaf: [Entry] = []
  /// When this member refuted an accusation: each came of a probe that failed after the one before.
  package private(set) var refuted: [Instant] = []
  /// Others that raised their incarnation, whom not this member alone had accused.
  package private(set) var witnessed: [Entry] = []
  /// Until when it is degraded, if nothing more happens.
  package private(set) var until: Instant?
  private var lastBurst: UInt64 = 0
  private var lastAt: Instant?

  /// How long what happened counts, and how long a degraded member must behave.
  package static let window = Span64.seconds(60)
  /// What happens closer together is one burst.
  package static let burst = Span64.seconds(3)
  /// So many bursts in a window are a habit of one that isn't heard. What bad luck brings, too, must
  /// happen twice more: to accuse others, and to be accused and heard at once when one refutes it.
  /// Where a fifth of all packets is lost, one probe in 370 fails by luck alone: among five members
  /// each accuses and is accused 0.16 times a window, and five times in one once in some thousand
  /// hours.
  package static let habit = 3
  /// So often in a window a member refutes only if few of its packets come through. A cut, however
  /// many notice it, takes one refutation or two, and where a fifth of all packets is lost it comes
  /// to six in one of forty million windows.
  package static let restless = 6
  /// How many entries of each kind are kept.
  package static let most = 32

  package enum Kind: Hashable, Sendable {
    case mistaken, accused, unheard, refuted, deaf, witnessed
  }

  package init() {}

  package var isDegraded: Bool { until != nil }

  /// Notes what happened, and judges.
  ///
  /// - Parameter others: How many other members are expected; with one there is no telling whose
  ///   fault it is.
  package mutating func note(_ kind: Kind, by other: Int, others: Int, at now: Instant) {
    // What others suffer is no event of this member's and begins no burst, nor does its answer.
    let isEvent = kind != .witnessed && kind != .refuted
    let entry = Entry(other: other, at: now, burst: isEvent ? nextBurst(now) : 0)
    switch kind {
    case .witnessed:
      // One entry a member is enough.
      witnessed.removeAll { $0.other == other }
      return Self.add(entry, to: &witnessed)
    case .mistaken: Self.add(entry, to: &mistaken)
    case .accused: Self.add(entry, to: &accused)
    case .unheard:
      Self.add(entry, to: &accused)
      Self.add(entry, to: &unheard)
    case .refuted:
      refuted.removeAll { now.since($0) >= Self.window }
      if refuted.count >= Self.most { refuted.removeFirst() }
      refuted.append(now)
    case .deaf: Self.add(entry, to: &deaf)
    }
    guard others >= 2 else { return }
    let isHabit =
      Self.bursts(mistaken) >= Self.habit + 2
      && Self.distinct(mistaken) >= Self.third(of: others, atMost: 8)
      || (Self.bursts(accused) >= accusedHabit || refuted.count >= Self.restless)
        && Self.distinct(accused) >= 2
    let isGuilty = isHabit && !isNetwork(others: others, at: now)
    if isGuilty || Self.distinct(deaf) >= 2 { until = now + Self.window }
  }

  private var accusedHabit: Int { unheard.isEmpty ? Self.habit + 2 : Self.habit }

  /// Whether others fare no better, through no fault of this member's.
  private func isNetwork(others: Int, at now: Instant) -> Bool {
    let alike = witnessed.count { now.since($0.at) < Self.window }
    return alike >= Self.third(of: others, atMost: Self.most)
  }

  /// A third of the other members, and at least two.
  private static func third(of others: Int, atMost most: Int) -> Int {
    max(2, min((others + 2) / 3, most))
  }

  /// Drops what is too old. True when the member has behaved for long enough just now.
  package mutating func expire(at now: Instant) -> Bool {
    Self.expire(&mistaken, at: now)
    Self.expire(&accused, at: now)
    Self.expire(&unheard, at: now)
    Self.expire(&deaf, at: now)
    Self.expire(&witnessed, at: now)
    if let first = refuted.first, now.since(first) >= Self.window {
      refuted.removeAll { now.since($0) >= Self.window }
    }
    guard let until, now >= until else { return false }
    self.until = nil
    return true
  }

  /// The oldest come first. Asked after each event, when there is hardly ever one.
  private static func expire(_ list: inout [Entry], at now: Instant) {
    guard let first = list.first, now.since(first.at) >= window else { return }
    list.removeAll { now.since($0.at) >= window }
  }

  private mutating func nextBurst(_ now: Instant) -> UInt64 {
    // From the beginning of a burst, so that an endless one is many.
    if let lastAt, now.since(lastAt) < Self.burst { return lastBurst }
    lastBurst += 1
    lastAt = now
    return lastBurst
  }

  private static func add(_ entry: Entry, to list: inout [Entry]) {
    list.removeAll { entry.at.since($0.at) >= window }
    if list.contains(where: { $0.other == entry.other && $0.burst == entry.burst }) { return }
    if list.count >= most { list.removeFirst() }
    list.append(entry)
  }

  private static func bursts(_ list: [Entry]) -> Int {
    var (count, last) = (0, UInt64(0))
    for entry in list where entry.burst != last {
      count += 1
      last = entry.burst
    }
    return count
  }

  private static func distinct(_ list: [Entry]) -> Int {
    var seen = OrdinalSet()
    for entry in list { seen.insert(entry.other) }
    return seen.elements.count
  }
}
