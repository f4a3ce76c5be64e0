public import ClusterCore

/// What a scenario's `at` hands over: everything that can be done to the cluster at one moment.
///
/// The actions are carried out in their order when the closure returns. A member is named by its
/// ordinal, counted from zero. An action on a member that isn't running (a write, a pause, a
/// command) is left out and counted in `Statistics.refusedWrites` where it was a write: a swarm may
/// crash anybody at any time.
public struct Control {
  /// The cluster as it is now, before the actions.
  public let cluster: SimulatedCluster
  /// Random numbers of this run, for scenarios that draw who is hit.
  public var random: Randomness
  /// What was asked for so far.
  private(set) var actions: [Action] = []
  private let nodes: Int

  init(cluster: SimulatedCluster, random: Randomness, nodes: Int) {
    self.cluster = cluster
    self.random = random
    self.nodes = nodes
  }

  // MARK: The network

  /// Cuts the network so that only members of one group reach each other, whatever was cut before.
  /// Members that no group names make one more group together.
  public mutating func partition(_ groups: [Int]...) {
    partition(groups: groups)
  }

  /// The same for an array of groups.
  public mutating func partition(groups: [[Int]]) {
    for group in groups { for node in group { check(node) } }
    actions.append(.partition(groups))
  }

  /// Cuts one member off from all others; what was cut before is mended.
  public mutating func isolate(_ node: Int) { partition([node]) }

  /// Two groups that reach each other only through the members of `via`, who reach everyone.
  public mutating func bridge(_ left: [Int], via: [Int], _ right: [Int]) {
    for node in via { check(node) }
    actions.append(.heal)
    for a in left { for b in right { cut(between: a, b) } }
  }

  /// Everyone reaches everyone again.
  public mutating func heal() { actions.append(.heal) }

  /// Cuts one direction: nothing that `from` sends reaches `to`.
  public mutating func cut(from: Int, to: Int) {
    check(from)
    check(to)
    actions.append(.cut(from: from, to: to))
  }

  /// Cuts both directions between two members.
  public mutating func cut(between a: Int, _ b: Int) {
    cut(from: a, to: b)
    cut(from: b, to: a)
  }

  /// Ends the cut of one direction.
  public mutating func mend(from: Int, to: Int) {
    check(from)
    check(to)
    actions.append(.mend(from: from, to: to))
  }

  /// The sides of the two halves, the lower ordinals on one: 0 and 1 against 2, 3 and 4.
  public mutating func halves() {
    actions += PartitionShape.halves(Array(0..<nodes))
  }

  /// Each member alone.
  public mutating func isolateAll() { partition(groups: (0..<nodes).map { [$0] }) }

  /// Each member reaches only its two neighbours, by ordinals in a ring.
  public mutating func ring() {
    actions += PartitionShape.ring(Array(0..<nodes))
  }

  /// Nothing that others send reaches the member, though they hear it.
  public mutating func deafen(_ node: Int) {
    for other in 0..<nodes where other != node { cut(from: other, to: node) }
  }

  /// Nothing that the member sends reaches others, though it hears them.
  public mutating func mute(_ node: Int) {
    for other in 0..<nodes where other != node { cut(from: node, to: other) }
  }

  /// Holds back what one direction carries, until it is unclogged: then all of it arrives.
  public mutating func clog(from: Int, to: Int) {
    check(from)
    check(to)
    actions.append(.clog(from: from, to: to))
  }

  /// Lets one direction carry again, first what it held back.
  public mutating func unclog(from: Int, to: Int) {
    check(from)
    check(to)
    actions.append(.unclog(from: from, to: to))
  }

  /// Ends all streams between two members, as a middlebox does that forgets them. Datagrams pass, and
  /// no process died.
  public mutating func sever(_ a: Int, _ b: Int) {
    check(a)
    check(b)
    actions.append(.sever(a, b))
  }

  /// Both directions between two members behave like `link` from now on.
  public mutating func link(_ a: Int, _ b: Int, _ link: Link) {
    check(a)
    check(b)
    actions.append(.link(a, b, link))
  }

  /// The whole network behaves like `link` from now on.
  public mutating func link(_ link: Link) { actions.append(.links(link)) }

  // MARK: Processes and clocks

  /// The process dies and what it had in memory is gone. Its host lives on: streams to it end, and
  /// connects to it are refused. With `silently` the host vanishes, too, and nobody is told.
  public mutating func crash(_ node: Int, silently: Bool = false) {
    check(node)
    actions.append(.crash(node, silently: silently))
  }

  /// The process starts again, as a new boot with an empty memory; at the old address or at another
  /// one, as the seed has it. A running one is killed first.
  ///
  /// - Parameters:
  ///   - node: Which member.
  ///   - keepingDisk: Whether it finds the store that its member had on its disk. Without a
  ///     `Scenario.disk`, that is all that it knew, as if each write had been flushed at once.
  public mutating func restart(_ node: Int, keepingDisk: Bool = false) {
    check(node)
    actions.append(.restart(node, keepingDisk: keepingDisk))
  }

  /// Another process starts that claims the member's ordinal, while the first may run on: somebody
  /// made a mistake. Its wall clock decides which of the two has the newer boot. At most
  /// `Scenario.guests` can be started in one run; later ones are left out.
  public mutating func duplicate(_ node: Int) {
    check(node)
    actions.append(.duplicate(node))
  }

  /// The process stands still. What arrives meanwhile waits for it and then comes at once.
  public mutating func pause(_ node: Int, for duration: Duration) {
    check(node)
    actions.append(.pause(node, for: Span64(duration)))
  }

  /// The member's wall clock jumps by `offset`, which may be negative. Its monotonic clock doesn't.
  public mutating func skew(_ node: Int, by offset: Duration) {
    check(node)
    let (seconds, attoseconds) = offset.components
    let milliseconds = seconds * 1_000 + attoseconds / 1_000_000_000_000_000
    actions.append(.skew(node, milliseconds: milliseconds))
  }

  /// The member's clocks run faster by so many millionths from now on, or slower.
  ///
  /// - Precondition: At most a tenth: -100,000 to 100,000.
  public mutating func drift(_ node: Int, perMillion: Int) {
    check(node)
    precondition(abs(perMillion) <= 100_000, "a clock drifts by at most 100,000 millionths")
    actions.append(.drift(node, perMillion: Int64(perMillion)))
  }

  /// The process runs on, at another address.
  public mutating func move(_ node: Int) {
    check(node)
    actions.append(.move(node))
  }

  /// The process starts again as a build that speaks the next version of the protocol: its packets
  /// carry sections that nobody else knows.
  public mutating func upgrade(_ node: Int) {
    check(node)
    actions.append(.upgrade(node))
  }

  // MARK: The store

  /// Writes bytes at one member.
  public mutating func put(_ key: String, _ value: [UInt8], at node: Int) {
    check(node)
    actions.append(.put(key, value, at: node))
  }

  /// Writes text at one member.
  public mutating func put(_ key: String, _ value: String, at node: Int) {
    put(key, Array(value.utf8), at: node)
  }

  /// Writes `count` keys that begin with `prefix`, with values of `size` bytes each.
  public mutating func fill(_ prefix: String, count: Int, size: Int, at node: Int) {
    check(node)
    actions.append(.fill(prefix, count: count, size: size, at: node))
  }

  /// Deletes a key at one member.
  public mutating func delete(_ key: String, at node: Int) {
    check(node)
    actions.append(.delete(key, at: node))
  }

  // MARK: Commands

  /// The member leaves gracefully and ends.
  public mutating func leave(_ node: Int) { command(node, .leave) }

  /// The member separates itself from all others and goes on running.
  public mutating func disconnect(_ node: Int) { command(node, .disconnect) }

  /// Ends the member's separation.
  public mutating func rejoin(_ node: Int) { command(node, .rejoin) }

  /// Sets the recovery mode of the whole cluster, by asking the lowest running member or `node`.
  public mutating func setRecovery(_ recovery: Recovery, at node: Int? = nil) {
    if let node {
      command(node, .setRecovery(recovery))
    } else {
      actions.append(.commandLowest(.setRecovery(recovery)))
    }
  }

  /// Decides, at `node`, what becomes of the groups that are apart in manual recovery.
  public mutating func recover(_ decision: RecoveryDecision, at node: Int) {
    command(node, .recover(decision, token: 0))
  }

  /// Brings `node` and `asked` back into one cluster.
  public mutating func join(_ node: Int, at asked: Int) {
    check(node)
    command(asked, .join(ordinal: node))
  }

  /// Asks `asked` to make another member end or separate itself.
  public mutating func dismiss(_ node: Int, _ how: Dismissal, at asked: Int) {
    check(node)
    command(asked, .dismiss(ordinal: node, how))
  }

  private mutating func command(_ node: Int, _ command: Command) {
    check(node)
    actions.append(.command(node, command))
  }

  private func check(_ node: Int) {
    precondition(
      (0..<nodes).contains(node), "there is no member \(node) in a scenario of \(nodes) members")
  }
}
