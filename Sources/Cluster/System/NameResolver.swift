import CClusterLinux
package import ClusterCore
import Glibc
import Synchronization

/// Asks the system for the addresses of names, on threads of its own, because the system's resolver
/// blocks: for 5 s and more while DNS is down.
///
/// A name without addresses and a DNS that doesn't answer are normal in a cluster that starts or
/// is cut. Both give an empty answer, and the caller asks again in its own time; nothing is cached.
package final class NameResolver: Sendable {
  /// What a name stands for now.
  package struct Answer: Hashable, Sendable {
    /// All addresses, in the order in which the system would try them; empty when there are none.
    package var addresses: [Address]
    /// What to tell the log when there are none.
    package var failure: String?

    /// Creates an answer.
    package init(addresses: [Address], failure: String? = nil) {
      self.addresses = addresses
      self.failure = failure
    }
  }

  /// What takes an answer, on a thread of the resolver's.
  package typealias Completion = @Sendable (Answer) -> Void

  private let concurrency: Int
  private let ask: @Sendable (HostAndPort) -> Answer
  private let state = Mutex(State())

  /// Creates a resolver that asks for at most so many names at once.
  package convenience init(concurrency: Int = 8) {
    self.init(concurrency: concurrency, asking: Self.askSystem)
  }

  /// Creates a resolver that asks somebody else than the system.
  init(concurrency: Int, asking ask: @escaping @Sendable (HostAndPort) -> Answer) {
    self.concurrency = max(concurrency, 1)
    self.ask = ask
  }

  /// Asks for all addresses of a name.
  ///
  /// A name that is being asked for already is not asked for twice: both get the one answer. A
  /// numeric host is answered before this returns, on the calling thread.
  package func resolve(_ name: HostAndPort, _ completion: @escaping Completion) {
    if let address = Address(host: name.host, port: name.port) {
      completion(Answer(addresses: [address], failure: nil))
      return
    }
    let needsWorker = state.withLock { state in
      if state.waiting[name]?.append(completion) != nil { return false }
      state.waiting[name] = [completion]
      state.queue.append(name)
      guard state.workers < concurrency else { return false }
      state.workers += 1
      return true
    }
    guard needsWorker else { return }
    do {
      _ = try LoopThread(name: "cluster-dns") { self.work() }
    } catch {
      // Without a single thread nobody would ever answer; with others, they do.
      let isLast = state.withLock { state in
        state.workers -= 1
        return state.workers == 0
      }
      while isLast, let name = takeName() {
        finish(name, Answer(addresses: [], failure: "\(error)"))
      }
    }
  }

  /// Answers one name after the other until none waits.
  private func work() {
    while let name = nextName() { finish(name, ask(name)) }
  }

  /// The next name; without one, the worker is gone.
  private func nextName() -> HostAndPort? {
    state.withLock { state in
      if let name = state.takeName() { return name }
      state.workers -= 1
      return nil
    }
  }

  private func takeName() -> HostAndPort? { state.withLock { $0.takeName() } }

  private func finish(_ name: HostAndPort, _ answer: Answer) {
    let completions = state.withLock { $0.waiting.removeValue(forKey: name) } ?? []
    for completion in completions { completion(answer) }
  }

  /// Asks the system, and waits for it.
  @Sendable private static func askSystem(_ name: HostAndPort) -> Answer {
    var hints = addrinfo()
    hints.ai_family = AF_UNSPEC
    // One kind of socket, or each address would come once for every kind.
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var list: UnsafeMutablePointer<addrinfo>?
    let code = getaddrinfo(name.host, nil, &hints, &list)
    guard code == 0 else {
      let text =
        code == EAI_SYSTEM ? SystemError.text(of: errno) : String(cString: gai_strerror(code))
      return Answer(addresses: [], failure: "resolve \(name.host): \(text)")
    }
    defer { freeaddrinfo(list) }
    var addresses: [Address] = []
    var entry = list
    while let found = entry?.pointee {
      entry = found.ai_next
      guard let raw = found.ai_addr else { continue }
      guard let address = cluster_address_read(raw, found.ai_addrlen).address else { continue }
      let usable = address.with(port: name.port)
      if !usable.isLinkLocal, !addresses.contains(usable) { addresses.append(usable) }
    }
    let failure = addresses.isEmpty ? "resolve \(name.host): no usable address" : nil
    return Answer(addresses: addresses, failure: failure)
  }

  /// What the threads share.
  private struct State {
    /// Names that nobody asks for yet, oldest first.
    var queue: [HostAndPort] = []
    /// Who waits for which name, asked for already or not.
    var waiting: [HostAndPort: [Completion]] = [:]
    /// How many threads there are.
    var workers = 0

    mutating func takeName() -> HostAndPort? { queue.isEmpty ? nil : queue.removeFirst() }
  }
}

extension Address {
  /// Whether it means something on one link only (fe80::/10). Which one, an address doesn't say, so
  /// nothing can be sent to it.
  var isLinkLocal: Bool { family == .v6 && high >> 54 == 0xFE80 >> 6 }
}
