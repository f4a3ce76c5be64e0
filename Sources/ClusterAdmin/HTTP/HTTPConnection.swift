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
/// further requests stay unanswered and, beyond a limit, unread.
package struct HTTPConnection<Responder: HTTPResponder>: ByteStreamMachine {
  /// open → draining → finished; open → finished.
  private enum State: Sendable {
    /// Requests are read. A refusal leads to `draining`; the client's or our wish to close, and a
    /// deadline, to `finished`.
    case open
    /// The last answer is given; what still arrives is thrown away until the client is silent, has
    /// closed, or has sent or waited too much.
    case draining(until: Instant, quietUntil: Instant, discarded: Int)
    /// Nothing more is to happen than that the answers are sent.
    case finished
  }

  /// Which part of which request a deadline is for: when it changes, a new span of time begins.
  private struct Stage: Equatable {
    enum Part { case idle, head, body }
    var request: Int
    var part: Part
  }

  private let responder: Responder
  private let peer: Address
  private let limits: HTTPLimits
  private var parser: RequestParser
  private var state = State.open
  private var stage = Stage(request: 0, part: .idle)
  private var stageStart: Instant
  private var latest: Instant
  private var inputEnded = false
  private var output: [UInt8] = []

  /// Creates the machine of a connection that was opened by `peer` at `now`.
  package init(responder: Responder, peer: Address, limits: HTTPLimits, at now: Instant) {
    self.responder = responder
    self.peer = peer
    self.limits = limits
    self.parser = RequestParser(limits: limits)
    self.stageStart = now
    self.latest = now
  }

  /// Bytes arrived.
  package mutating func received(_ bytes: [UInt8], at now: Instant) {
    latest = now
    switch state {
    case .open:
      parser.received(bytes)
      answerRequests()
    case .draining(let until, _, let discarded):
      let sum = discarded + bytes.count
      state =
        sum > limits.drainBytes
        ? .finished
        : .draining(until: until, quietUntil: now + limits.drainQuiet, discarded: sum)
    case .finished: break
    }
  }

  /// The client sends nothing more, but may still read.
  package mutating func inputClosed(at now: Instant) {
    latest = now
    inputEnded = true
    switch state {
    case .open: endWithInput()
    case .draining: state = .finished
    case .finished: break
    }
  }

  /// The deadline may have passed.
  package mutating func timedOut(at now: Instant) {
    latest = now
    guard now >= deadline else { return }
    switch (state, stage.part) {
    case (.open, .idle), (.draining, _): state = .finished
    case (.open, .head):
      refuse(Refusal(.requestTimeout, "The request's head took too long to arrive."))
    case (.open, .body):
      refuse(Refusal(.requestTimeout, "The request's body arrived too slowly."))
    case (.finished, _): break
    }
  }

  /// When `timedOut` is to be called.
  package var deadline: Instant {
    switch state {
    case .open:
      switch parser.phase {
      case .idle: stageStart + limits.idleTime
      case .head: stageStart + limits.headTime
      case .body(let received): limits.bodyDeadline(start: stageStart, received: received)
      case .refused: .distantFuture
      }
    case .draining(let until, let quietUntil, _): min(until, quietUntil)
    case .finished: .distantFuture
    }
  }

  /// Takes what is to be sent next. When that has been sent, there may be more.
  package mutating func takeOutput() -> [UInt8] {
    let taken = output
    output = []
    if case .open = state, !taken.isEmpty, parser.unread > 0 { answerRequests() }
    return taken
  }

  /// Whether more bytes would be of use now.
  package var wantsInput: Bool {
    switch state {
    case .open: output.count < limits.pendingOutput && parser.unread < limits.pendingInput
    case .draining: true
    case .finished: false
    }
  }

  /// Whether the connection is to be closed when the output has been sent.
  package var isFinished: Bool {
    if case .finished = state { true } else { false }
  }

  /// Answers as many whole requests as the bound on waiting answers allows.
  private mutating func answerRequests() {
    while case .open = state, output.count < limits.pendingOutput {
      guard let event = parser.next() else { break }
      switch event {
      case .request(let request): answer(request)
      case .continueExpected: output.append("HTTP/1.1 100 Continue\r\n\r\n")
      case .refused(let refusal): refuse(refusal)
      }
    }
    restartClock()
    if inputEnded { endWithInput() }
  }

  private mutating func answer(_ request: Request) {
    let keepsAlive = request.keepsAlive
    let ending: Response.Ending =
      !keepsAlive ? .close : request.isVersion11 ? .unsaid : .keepAlive
    responder.response(to: request, from: peer)
      .encode(into: &output, omitsBody: request.method == .head, ending: ending)
    if !keepsAlive { state = .finished }
  }

  private mutating func refuse(_ refusal: Refusal) {
    responder.response(to: refusal, from: peer)
      .encode(into: &output, omitsBody: false, ending: .close)
    state =
      inputEnded || refusal.status == .requestTimeout
      ? .finished
      : .draining(
        until: latest + limits.drainTime, quietUntil: latest + limits.drainQuiet, discarded: 0)
  }

  /// The input has ended: what was asked is still answered, and half a request is refused.
  private mutating func endWithInput() {
    // While whole requests may still wait behind unsent answers, it is too early to say.
    guard case .open = state, parser.unread == 0 || output.count < limits.pendingOutput else {
      return
    }
    switch parser.phase {
    case .idle, .refused: state = .finished
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
    guard reached != stage else { return }
    stage = reached
    stageStart = latest
  }
}
