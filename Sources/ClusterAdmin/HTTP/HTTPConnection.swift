import Cluster
package import ClusterCore

/// Who answers the requests of a connection. It must not wait for anything.
package protocol HTTPResponder: Sendable {
  /// The answer to a request.
  func response(to request: Request, from peer: Address) -> Response
  /// The answer to bytes that are no acceptable request.
  func response(to refusal: Refusal, from peer: Address) -> Response
}

/// One connection of a client: bytes and time in, bytes out. Requests are answered one after the
/// other, in order, also those that were sent ahead (pipelining).
///
/// It holds no more than a bounded number of bytes for a client: while answers wait to be taken,
/// further requests stay unanswered and, beyond a limit, unread. After a refusal it is finished; that
/// closing doesn't destroy the refusal on its way is the server's care, which reads on for a moment.
package struct HTTPConnection<Responder: HTTPResponder>: ByteStreamMachine {
  /// Which part of which request a deadline is for: when it changes, a new span of time begins.
  private struct Stage: Equatable, Sendable {
    enum Part { case idle, head, body }
    var request: Int
    var part: Part
  }

  private let responder: Responder
  private let peer: Address
  private let limits: HTTPLimits
  private var parser: RequestParser
  private var stage = Stage(request: 0, part: .idle)
  private var stageStart: Instant
  /// When something was last received.
  private var latest: Instant
  /// Whether the client's reading, not its sending, was waited for during this stage.
  private var wasHeldBack = false
  private var inputEnded = false
  private var output: [UInt8] = []
  private let wake: @Sendable () -> Void
  /// What the last answer goes on with. No request is answered any more then.
  private var feed: (any EventFeed)?
  /// When a feed that is silent must show that it lives.
  private var nextSign = Instant.distantFuture

  /// Whether the connection is to be closed when the output has been sent. Nothing leads back.
  package private(set) var isFinished = false

  /// Creates the machine of a connection that was opened by `peer` at `now`.
  ///
  /// - Parameter wake: Called, from whatever thread it comes, when `takeOutput` would give something
  ///   new although nothing was received.
  package init(
    responder: Responder, peer: Address, limits: HTTPLimits, at now: Instant,
    wake: @escaping @Sendable () -> Void = {}
  ) {
    self.wake = wake
    self.responder = responder
    self.peer = peer
    self.limits = limits
    self.parser = RequestParser(limits: limits)
    self.stageStart = now
    self.latest = now
  }

  /// Bytes arrived.
  package mutating func received(_ bytes: [UInt8], at now: Instant) {
    guard !isFinished else { return }
    latest = now
    // Behind a feed nothing more is answered: it is read only to notice the client's end.
    guard feed == nil else { return }
    parser.received(bytes)
    answerRequests()
  }

  /// The client sends nothing more, but may still read.
  package mutating func inputClosed(at now: Instant) {
    latest = now
    inputEnded = true
    if feed != nil { endFeed() } else { endWithInput() }
  }

  /// The deadline may have passed.
  package mutating func timedOut(at now: Instant) {
    guard !isFinished, now >= deadline else { return }
    latest = now
    if feed != nil {
      output.append(":\n\n")
      nextSign = now + limits.feedSign
      return
    }
    if wasHeldBack {
      // The answers were only taken after a while: the client's time begins now.
      wasHeldBack = false
      stageStart = now
      return
    }
    switch stage.part {
    case .idle: isFinished = true
    case .head: refuse(Refusal(.requestTimeout, "The request's head took too long to arrive."))
    case .body: refuse(Refusal(.requestTimeout, "The request's body arrived too slowly."))
    }
  }

  /// When `timedOut` is to be called.
  package var deadline: Instant {
    if isFinished { return .distantFuture }
    if feed != nil { return nextSign }
    if isHeldBack { return .distantFuture }
    return switch parser.phase {
    case .idle: stageStart + limits.idleTime
    case .head: stageStart + limits.headTime
    case .body(let received): limits.bodyDeadline(start: stageStart, received: received)
    case .refused: .distantFuture
    }
  }

  /// Takes what is to be sent next. When that has been sent, there may be more.
  package mutating func takeOutput() -> [UInt8] {
    var taken = output
    output = []
    if let feed {
      if let more = feed.take(limits.pendingOutput) { taken += more } else { endFeed() }
      return taken
    }
    if !taken.isEmpty, !isFinished, parser.unread > 0 || inputEnded { answerRequests() }
    return taken
  }

  /// Whether more bytes would be of use now.
  package var wantsInput: Bool {
    if feed != nil { return !isFinished }
    return !isFinished && !isHeldBack && parser.unread < limits.pendingInput
  }

  /// Whether so many bytes of answers wait that further requests must wait too.
  private var isHeldBack: Bool { output.count >= limits.pendingOutput }

  /// Answers as many whole requests as the bound on waiting answers allows.
  private mutating func answerRequests() {
    while !isFinished, feed == nil, !isHeldBack, let event = parser.next() {
      switch event {
      case .request(let request): answer(request)
      case .continueExpected: output.append("HTTP/1.1 100 Continue\r\n\r\n")
      case .refused(let refusal): refuse(refusal)
      }
    }
    guard feed == nil else { return }
    restartClock()
    if inputEnded { endWithInput() }
  }

  private mutating func answer(_ request: Request) {
    let response = responder.response(to: request, from: peer)
    let keepsAlive = request.keepsAlive && response.feed == nil
    let ending: Response.Ending =
      !keepsAlive ? .close : request.isVersion11 ? .unsaid : .keepAlive
    response.encode(into: &output, omitsBody: request.method == .head, ending: ending)
    if let next = response.feed, request.method != .head {
      feed = next
      nextSign = latest + limits.feedSign
      next.start(wake)
    } else if !keepsAlive {
      isFinished = true
    }
  }

  private mutating func endFeed() {
    feed = nil
    isFinished = true
  }

  private mutating func refuse(_ refusal: Refusal) {
    responder.response(to: refusal, from: peer)
      .encode(into: &output, omitsBody: false, ending: .close)
    isFinished = true
  }

  /// The input has ended: what was asked is still answered, and half a request is refused.
  private mutating func endWithInput() {
    // While whole requests may still wait behind unsent answers, it is too early to say.
    guard !isFinished, parser.unread == 0 || !isHeldBack else { return }
    switch parser.phase {
    case .idle, .refused: isFinished = true
    case .head, .body: refuse(Refusal(.badRequest, "The request ended in its middle."))
    }
  }

  private mutating func restartClock() {
    let part: Stage.Part =
      switch parser.phase {
      case .idle, .refused: .idle
      case .head: .head
      case .body: .body
      }
    let reached = Stage(request: parser.completed, part: part)
    if reached != stage {
      stage = reached
      stageStart = latest
      wasHeldBack = false
    }
    if isHeldBack { wasHeldBack = true }
  }
}
