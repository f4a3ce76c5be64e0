package import Cluster
import ClusterCore
import Synchronization

/// Asks the other members over their admin HTTP what they believe, as long as somebody looks.
///
/// A partition cannot be seen from one side. Whoever looks at this member's page sees all sides that
/// this member can still ask, which is more than its cluster protocol reaches when only that is cut.
///
/// It asks the configured members and nobody else, at addresses that their configured names have now;
/// nothing of that comes from a request. One thread asks all at once, once a second at most, for a
/// second at most, for answers of `answerLimit` bytes at most; it ends when nobody has looked for a
/// while. Of clusters larger than `most`, the first members are asked.
package final class PeerViews: Sendable {
  /// The most members that are asked.
  package static let most = 64
  /// The largest answer that is taken, in bytes.
  static let answerLimit = 512 << 10
  /// How long it goes on after somebody looked.
  private static let attention = Span64.seconds(10)
  private static let period = Span64.seconds(1)

  /// A member that is asked, and where its admin HTTP is.
  package struct Peer: Sendable {
    package var name: String
    package var endpoint: HostAndPort

    package init(name: String, endpoint: HostAndPort) {
      self.name = name
      self.endpoint = endpoint
    }
  }

  private struct State {
    var views: [PeerView]
    var lookedAt: Instant?
    var isRunning = false
    var isStopped = false
  }

  private let peers: [Peer]
  private let resolver = NameResolver()
  private let state: Mutex<State>
  /// Told after each round; what tests wait for.
  private let roundEnded: @Sendable () -> Void

  /// Creates an asker of these members; nobody is asked yet.
  package init(_ peers: [Peer], roundEnded: @escaping @Sendable () -> Void = {}) {
    self.peers = Array(peers.prefix(Self.most))
    self.roundEnded = roundEnded
    state = Mutex(State(views: self.peers.map { PeerView(name: $0.name) }))
  }

  /// What they last answered. Somebody looks: they are asked anew.
  package func latest() -> [PeerView] {
    let (views, mustStart) = state.withLock { state in
      state.lookedAt = Clock.instant()
      let mustStart = !state.isRunning && !state.isStopped && !peers.isEmpty
      if mustStart { state.isRunning = true }
      return (state.views, mustStart)
    }
    if mustStart { start() }
    return views
  }

  /// Ends asking for good, after the round that is under way.
  package func stop() { state.withLock { $0.isStopped = true } }

  private func start() {
    do {
      _ = try LoopThread(name: "cluster-views") { [weak self] in
        // Weakly, so that a site that is gone isn't kept by its last reader's attention.
        while self?.round() == true {}
      }
    } catch {
      state.withLock { state in
        state.isRunning = false
        for index in state.views.indices { state.views[index].failure = "\(error)" }
      }
    }
  }

  /// Asks all once; whether another round is wanted.
  private func round() -> Bool {
    let start = Clock.instant()
    let asked = peers.map { ($0, address(of: $0)) }
    let reachable = asked.compactMap { peer, address in address.map { (peer, $0) } }
    let inquiry = StreamInquiry(limit: Self.answerLimit, span: .seconds(1))
    let answers = inquiry.ask(
      reachable.map { StreamInquiry.Question(to: $1, ViewRequest.bytes(host: $1)) })
    var results: [(name: String, result: Result<MemberReport, ViewFailure>)] = []
    for (peer, address) in asked where address == nil {
      results.append((peer.name, .failure(ViewFailure("\(peer.endpoint.host) has no address"))))
    }
    for ((peer, _), answer) in zip(reachable, answers) {
      results.append((peer.name, ViewRequest.report(of: peer.name, in: answer)))
    }
    take(results)
    roundEnded()
    let end = Clock.instant()
    let goesOn = state.withLock { state in
      let isWatched = state.lookedAt.map { end.since($0) < Self.attention } ?? false
      state.isRunning = isWatched && !state.isStopped
      return state.isRunning
    }
    if goesOn { ThreadPause.wait(Self.period.without(end.since(start))) }
    return goesOn
  }

  private func take(_ results: [(name: String, result: Result<MemberReport, ViewFailure>)]) {
    let now = Clock.now().wallMilliseconds
    state.withLock { state in
      for (name, result) in results {
        guard let index = state.views.firstIndex(where: { $0.name == name }) else { continue }
        switch result {
        case .success(let report):
          state.views[index] = PeerView(name: name, wallMilliseconds: now, report: report)
        case .failure(let failure): state.views[index].failure = failure.text
        }
      }
    }
  }

  /// The first address that the peer's name has now.
  private func address(of peer: Peer) -> Address? {
    let found = Found()
    resolver.resolve(peer.endpoint) { answer in found.give(answer.addresses.first) }
    return found.wait(milliseconds: 500)
  }
}

extension Span64 {
  /// What is left of this span after another; zero when nothing is.
  fileprivate func without(_ other: Span64) -> Span64 {
    Span64(nanoseconds: nanoseconds > other.nanoseconds ? nanoseconds - other.nanoseconds : 0)
  }
}

/// Why a member gave no view, in words.
struct ViewFailure: Error, Hashable {
  var text: String

  init(_ text: String) { self.text = text }
}
