public import ClusterCore

/// The whole cluster at one moment, for conditions to look at. Nothing can be changed through it.
public struct SimulatedCluster {
  private let machines: [Machine]
  private let resolvers: ResolverDesk
  private let network: Network
  private let nanoseconds: UInt64
  private let acknowledged: UInt64

  init(_ world: borrowing World) {
    machines = world.machines
    resolvers = world.resolvers
    network = world.network
    nanoseconds = world.now
    acknowledged = world.statistics.writes
  }

  /// The time since the start.
  public var time: Duration { Span64(nanoseconds: nanoseconds).duration }

  /// The ordinals of all members whose process runs and isn't paused. A second process that claims
  /// an ordinal counts from the number of members on.
  public var running: [Int] { machines.indices.filter { machines[$0].isActive } }

  /// Whether a member's process runs and isn't paused.
  public func isRunning(_ node: Int) -> Bool { machines[node].isActive }

  /// The leader that all running members confirm; none when they differ or one has none.
  public var leader: Int? {
    let all = running
    guard let first = all.first, let leader = confirmedLeader(of: first) else { return nil }
    return all.allSatisfy { confirmedLeader(of: $0) == leader } ? leader : nil
  }

  /// The leader as one member sees it.
  public func leadership(of node: Int) -> Leadership {
    machines[node].process?.core.leadership ?? .unknown
  }

  /// The ordinal of the leader that a member confirms.
  public func confirmedLeader(of node: Int) -> Int? {
    machines[node].glance.leader
  }

  /// All expected members as one member sees them; empty when it doesn't run.
  public func members(of node: Int) -> [Member] { machines[node].process?.core.members ?? [] }

  /// How much of the cluster one member sees.
  public func status(of node: Int) -> ClusterStatus { machines[node].process?.core.status ?? .red }

  /// The recovery mode that a member knows.
  public func recovery(of node: Int) -> Recovery? { machines[node].process?.core.recovery }

  /// How a member's last process ended by itself, if it did.
  public func ending(of node: Int) -> Ending? { machines[node].ending }

  /// The hash of a member's live data; equal stores have equal digests.
  public func storeDigest(of node: Int) -> UInt64 { machines[node].glance.storeDigest }

  /// How many deletes a member still remembers.
  public func tombstones(of node: Int) -> Int { machines[node].process?.core.tombstoneCount ?? 0 }

  /// What is read of a key at one member: none when it is absent or the member doesn't run.
  public func value(_ key: String, at node: Int) -> [UInt8]? {
    guard let key = try? Key(key), let candidates = machines[node].process?.core.candidates(key)
    else {
      return nil
    }
    return resolvers.read(key, candidates)
  }

  /// The same as text.
  public func string(_ key: String, at node: Int) -> String? {
    value(key, at: node).flatMap { String(validating: $0, as: UTF8.self) }
  }

  /// The concurrent versions that a member holds of a key, in canonical order.
  public func candidates(_ key: String, at node: Int) -> [Candidate] {
    guard let key = try? Key(key) else { return [] }
    return machines[node].process?.core.candidates(key) ?? []
  }

  /// Whether all running members read the same of a key, present or not.
  public func allEqual(_ key: String) -> Bool {
    let all = running
    guard let first = all.first else { return true }
    let expected = value(key, at: first)
    return all.allSatisfy { value(key, at: $0) == expected }
  }

  /// Whether all running members see each other and nobody else, agree on the lowest of them as the
  /// leader, and hold the same data.
  public var isConverged: Bool {
    let all = running
    let ordinals = all.map { machines[$0].ordinal }
    let lowest = Self.eligible(all, machines).map { machines[$0].ordinal }.min()
    guard let first = all.first, leader == lowest else { return false }
    return all.allSatisfy { storeDigest(of: $0) == storeDigest(of: first) }
      && all.allSatisfy { node in
        members(of: node).allSatisfy { $0.isLive == ordinals.contains($0.ordinal) }
      }
  }

  /// Of the hosts `members`, those whose members may lead: all but the degraded, unless too many are.
  static func eligible(_ members: [Int], _ machines: [Machine]) -> [Int] {
    let degraded = members.count { machines[$0].glance.isDegraded }
    guard degraded > 0, degraded * 3 <= members.count else { return members }
    return members.filter { !machines[$0].glance.isDegraded }
  }

  /// How often a member took another one for dead, all members together, since the scenario's first
  /// fault or the first five seconds.
  public var deaths: Int { machines.reduce(0) { $0 + $1.deaths } }

  /// How often one member took another one for dead, counted in the same way.
  public func deaths(of node: Int) -> Int { machines[node].deaths }

  /// How often a member suspected another one, since the scenario's first fault or the first five
  /// seconds.
  public func suspicions(of node: Int) -> Int { machines[node].suspicions }

  /// How many running members confirm themselves as the leader.
  public var leaders: Int {
    machines.count { $0.isActive && $0.glance.leader == $0.ordinal }
  }

  /// How often a member saw another leader confirmed than the one before, since the scenario's first
  /// fault or the first five seconds.
  public func leaderChanges(of node: Int) -> Int { machines[node].leaderChanges }

  /// How often a member met concurrent versions for which the resolver had to be asked.
  public var resolverCalls: Int { resolvers.calls }

  /// How many writes were acknowledged so far.
  public var writes: UInt64 { acknowledged }

  /// How often the resolver threw.
  public var resolverFailures: Int { resolvers.failures }

  /// Whether what one member sends reaches another.
  public func reaches(_ from: Int, _ to: Int) -> Bool { network.reaches(from, to) }
}
