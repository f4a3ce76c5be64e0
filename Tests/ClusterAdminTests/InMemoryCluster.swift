import Cluster
import ClusterAdmin
import ClusterCore
import Synchronization

/// A member for the routes that does what it is told at once, and remembers what it was told.
final class InMemoryCluster: AdministeredCluster {
  struct State {
    var entries: [Key: AdministeredEntry] = [:]
    var lives: [Key: Duration] = [:]
    var clock: UInt64 = 1
    var states: [Member.State]
    var leader: Int? = 0
    var isConfirmed = true
    var recovery = Recovery.automatic
    var isReady = true
    var isResponsive = true
    var storeError: StoreError?
    var commands: [String] = []
    var pending = PendingRecovery()
    var extraMetrics: [MetricFamily] = []
    var keyring = KeyringView(expected: 3, keys: [], members: [])
  }

  let name: String
  let state: Mutex<State>
  let eventRecord = EventRecord()
  /// A real member that never runs: its store is what is watched.
  let member: Cluster

  init(name: String = "app-0", size: Int = 3) {
    self.name = name
    member = Self.unstarted()
    self.state = Mutex(State(states: Array(repeating: .alive, count: size)))
  }

  private static func unstarted() -> Cluster {
    do {
      return try Cluster(Cluster.Configuration(name: "app-0", peers: ["127.0.0.1:7946"]))
    } catch {
      preconditionFailure("\(error)")
    }
  }

  var boot: UInt64 { 0xB007 }
  var resolverName: String { "lastWriterWins" }

  var readinessChecks: [ReadinessCheck] {
    [ReadinessCheck("joined", true), ReadinessCheck("synced", isReady)]
  }

  var report: MemberReport {
    var report = MemberReport(member: name, boot: String(boot), version: "1.2.3")
    report.members = members.map { member in
      MemberReport.Row(
        name: member.name, ordinal: member.ordinal, address: member.address?.description,
        state: member.state.rawValue, boot: String(member.boot),
        incarnation: String(member.incarnation))
    }
    return report
  }

  func watch(prefix: [UInt8], from start: ChangeStart) -> KeyWatch {
    member.watch(prefix: prefix, from: start)
  }

  var pending: PendingRecovery { state.withLock { $0.pending } }

  func recover(_ decision: RecoveryDecision) {
    change { $0.commands.append("recover \(decision.rawValue)") }
  }

  func change(_ body: (inout State) -> Void) { state.withLock { body(&$0) } }

  var commands: [String] { state.withLock { $0.commands } }

  var lives: [Duration] { state.withLock { Array($0.lives.values) } }

  var expectedNames: [String] { members.map(\.name) }

  var members: [Member] {
    state.withLock { state in
      state.states.enumerated().map { ordinal, belief in
        Member(
          name: "app-\(ordinal)", ordinal: ordinal,
          address: ordinal == 0
            ? nil : Address(family: .v4, high: 0, low: 0x0A00_0000 + UInt64(ordinal), port: 7946),
          state: belief, boot: UInt64.max - UInt64(ordinal), incarnation: UInt64(ordinal))
      }
    }
  }

  var leader: Leadership {
    let members = members
    return state.withLock { state in
      guard let leader = state.leader else { return .unknown }
      return state.isConfirmed
        ? .confirmed(members[leader], term: 18_446_744_073_709_551_615)
        : .provisional(members[leader])
    }
  }

  var status: ClusterStatus {
    let live = members.count(where: \.isLive)
    return live == members.count ? .green : live == 1 ? .red : .yellow
  }

  var recovery: Recovery { state.withLock { $0.recovery } }
  var isReady: Bool { state.withLock { $0.isReady } }
  var isResponsive: Bool { state.withLock { $0.isResponsive } }
  var activeReplicas: [String] { members.filter(\.isLive).map(\.name) }

  func setRecovery(_ recovery: Recovery) {
    // The mode itself stays as it was: a command's effect may come later than its answer.
    change { $0.commands.append("recovery \(recovery)") }
  }
  func join(_ name: String) { change { $0.commands.append("join \(name)") } }
  func dismiss(_ name: String, _ dismissal: Dismissal) {
    change { $0.commands.append("dismiss \(name) \(dismissal)") }
  }

  func entry(_ key: Key) -> AdministeredEntry? { state.withLock { $0.entries[key] } }

  func put(
    _ key: Key, _ value: [UInt8], timeToLive: Duration?,
    if condition: (AdministeredEntry?) -> Bool
  ) throws(StoreError) -> Bool {
    if let error = state.withLock({ $0.storeError }) { throw error }
    return state.withLock { state in
      guard condition(state.entries[key]) else { return false }
      state.clock += 1
      state.entries[key] = AdministeredEntry(
        value: value, stamp: Stamp(time: state.clock, ordinal: 0))
      state.lives[key] = timeToLive
      return true
    }
  }

  func delete(
    _ key: Key, if condition: (AdministeredEntry?) -> Bool
  ) throws(StoreError) -> DeleteOutcome {
    if let error = state.withLock({ $0.storeError }) { throw error }
    return state.withLock { state in
      guard condition(state.entries[key]) else { return .conditionFailed }
      return state.entries.removeValue(forKey: key) == nil ? .absent : .deleted
    }
  }

  func purge() throws(StoreError) {
    if let error = state.withLock({ $0.storeError }) { throw error }
    change { $0.entries = [:] }
  }

  func keys(prefix: [UInt8], after: [UInt8], limit: Int) -> [Key] {
    let keys = state.withLock { Array($0.entries.keys) }
    let wanted = keys.filter {
      $0.bytes.starts(with: prefix) && after.lexicographicallyPrecedes($0.bytes)
    }
    return Array(wanted.sorted().prefix(limit))
  }

  var keyCount: Int { state.withLock { $0.entries.count } }

  var keyring: KeyringView { state.withLock { $0.keyring } }

  var metrics: [MetricFamily] {
    StandardMetrics(
      members: members, status: status, isLeader: isLeader, isStoreReady: isReady,
      keyCount: keyCount, subscriptions: 0
    ).families + state.withLock { $0.extraMetrics }
  }

  private var isLeader: Bool { leader.isConfirmed && leader.member?.name == name }
}
