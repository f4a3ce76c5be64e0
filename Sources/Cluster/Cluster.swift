import ClusterCore

/// One member of a self-healing cluster, embedded in this process.
///
/// ```swift
/// let cluster = try Cluster(Cluster.Configuration(
///   name: "orders-0", peers: ["10.0.0.1:7946", "10.0.0.2:7946", "10.0.0.3:7946"]))
/// try await withThrowingTaskGroup(of: Void.self) { group in
///   group.addTask { try await cluster.run() }
///   try await cluster.ready()
///   try cluster.store.put("greeting", "hello")
/// }
/// ```
///
/// Snapshots and the store's reads and writes are synchronous and local: they never hop to another
/// thread and never wait for the network. They are what this member believes now.
public final class Cluster: Sendable {
  /// What a member is told before it starts.
  public typealias Configuration = ClusterConfiguration
  /// The replicated map, as an embedder sees it.
  public typealias Store = ClusterStore
  /// What a member counts and measures.
  public typealias Metrics = ClusterMetrics

  /// What this member was told.
  public let configuration: ClusterConfiguration
  let driver: MemberDriver
  private let keySource: KeySource?

  /// Creates a member. Nothing is opened yet, but the key's file is read if there is one.
  ///
  /// - Throws: `ConfigurationError`: the first thing that is wrong with the configuration or the keys,
  ///   and a key on a system that can't protect packets.
  public convenience init(_ configuration: ClusterConfiguration) throws(ConfigurationError) {
    try self.init(configuration, filter: nil)
  }

  /// Creates a member whose network can be cut.
  package init(
    _ configuration: ClusterConfiguration, filter: LinkFilter?
  ) throws(ConfigurationError) {
    self.configuration = configuration
    let node = try configuration.nodeConfiguration(seed: Entropy.bits())
    let keys = try configuration.keyring()
    keySource = keys?.source
    driver = MemberDriver(
      node: node, endpoints: try configuration.placement().endpoints,
      resolver: configuration.resolver, keyring: keys?.keyring, logger: Logger(configuration),
      filter: filter)
  }

  /// Opens the sockets and is a member until `shutdown()`, or until the task is cancelled; both leave
  /// gracefully. Runs once.
  ///
  /// With a `dataDirectory`, what it holds is read first.
  ///
  /// - Throws: `ClusterError.alreadyRun`, `.cannotListen` when the port can't be had, `.dataDirectory`
  ///   when the directory can't be had or is another member's, and `.superseded` when another live
  ///   process holds this member's ordinal with a newer start.
  public func run() async throws {
    let addresses = try configuration.listeningAddresses()
    try driver.begin()
    if let path = configuration.dataDirectory { try await driver.restore(from: path) }
    let transport = try driver.open(at: addresses)
    warnOfPlaintext()
    await withTaskGroup(of: Void.self) { group in
      if let keySource { group.addTask { await self.driver.follow(keySource) } }
      await withTaskCancellationHandler {
        await driver.run(transport)
      } onCancel: {
        driver.submit(.commanded(.leave))
      }
      group.cancelAll()
    }
    if case .superseded(let boot, _) = driver.ending {
      throw ClusterError.superseded(name: configuration.name, boot: boot)
    }
  }

  /// Leaves gracefully: tells the others, waits until they have noted it and know all writes, at most
  /// some seconds, and lets `run()` return. Returns when that has happened.
  public func shutdown() async {
    driver.shutDown()
    await driver.ended()
  }

  /// Returns when this member has joined and its first exchange of the store is complete. May be
  /// awaited before `run()` is called.
  ///
  /// - Throws: `ClusterError.ended` when `run()` ended first; `CancellationError`.
  public func ready() async throws { try await driver.ready() }

  /// Whether this member has joined, its first exchange of the store is complete, and it isn't
  /// leaving.
  public var isReady: Bool { driver.withNode { $0.isSynced } }

  private func warnOfPlaintext() {
    guard !configuration.hasKey, !configuration.isLoopbackOnly else { return }
    driver.logger.log(
      .warning, "packets are not protected: whoever reaches the port can join", [:])
  }
}

/// Why a member couldn't run, or ended.
public enum ClusterError: Error, Hashable, Sendable, CustomStringConvertible {
  /// `run()` was called a second time; a member runs once. Create another one.
  case alreadyRun
  /// The cluster's port couldn't be opened, for this reason.
  case cannotListen(String)
  /// The data directory can't be used, for this reason. It was left as it is.
  case dataDirectory(String)
  /// Another live process holds this member's ordinal with a newer start. What only this one held was
  /// handed over.
  case superseded(name: String, boot: UInt64)
  /// The member has ended.
  case ended

  /// What was wrong, in a line.
  public var description: String {
    switch self {
    case .alreadyRun: "a member runs once: create another Cluster"
    case .cannotListen(let reason): "cannot listen: \(reason)"
    case .dataDirectory(let reason): "data directory: \(reason)"
    case .superseded(let name, let boot):
      "another live process is \(name), started later (boot \(boot)): this one ends"
    case .ended: "the member has ended"
    }
  }
}
