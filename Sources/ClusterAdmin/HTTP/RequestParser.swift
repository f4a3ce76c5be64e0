/// Makes requests of the bytes of one connection, however they are cut into pieces.
///
/// The rule: what comes out depends on the bytes only, never on where one piece ended and the next
/// began. Every limit is therefore checked at the byte that breaks it. After a refusal nothing more
/// is read, since nobody knows where the next request would begin.
package struct RequestParser: Sendable {
  /// What the bytes until now amount to.
  package enum Event: Sendable, Equatable {
    /// A whole request.
    case request(Request)
    /// A head whose body the client holds back until it is told to continue.
    case continueExpected
    /// The bytes are not a request that can be taken. The last event.
    case refused(Refusal)
  }

  /// How far the present request is, for whoever sets a deadline.
  package enum Phase: Sendable, Equatable {
    /// Nothing of it has arrived.
    case idle
    /// Its request line and header fields are arriving.
    case head
    /// So many bytes of its body have arrived.
    case body(received: Int)
    /// It was refused.
    case refused
  }

  /// idle → head → one of the bodies → idle; everything but idle → refused.
  private enum State: Sendable {
    /// Between two requests. The first byte leads to `head`.
    case idle
    /// Leads to a body, or to `idle` where there is none.
    case head(RequestHead)
    /// A body of known length, of which `remaining` bytes are missing. Leads to `idle`.
    case fixedBody(Request, remaining: Int)
    /// A body in chunks. Leads to `idle`.
    case chunkedBody(Request, ChunkedBody)
    /// The end.
    case refused
  }

  private let limits: HTTPLimits
  private var state = State.idle
  private var buffer: [UInt8] = []
  private var position = 0

  /// How many requests came out.
  package private(set) var completed = 0

  /// Creates a parser for one connection.
  package init(limits: HTTPLimits) { self.limits = limits }

  /// How many bytes were received and not looked at yet.
  package var unread: Int { buffer.count - position }

  /// How far the present request is.
  package var phase: Phase {
    switch state {
    case .idle: unread == 0 ? .idle : .head
    case .head: .head
    case .fixedBody(let request, _), .chunkedBody(let request, _):
      .body(received: request.body.count)
    case .refused: .refused
    }
  }

  /// Takes the next bytes. `next()` is to be called until nothing comes out any more.
  package mutating func received(_ bytes: [UInt8]) {
    if case .refused = state { return }
    if position == buffer.count {
      buffer = bytes
    } else {
      buffer.removeSubrange(..<position)
      buffer.append(contentsOf: bytes)
    }
    position = 0
  }

  /// The next event that the received bytes amount to; none when more bytes are needed.
  package mutating func next() -> Event? {
    do throws(Refusal) {
      return try advance()
    } catch {
      state = .refused
      buffer = []
      position = 0
      return .refused(error)
    }
  }

  private mutating func advance() throws(Refusal) -> Event? {
    while true {
      // The state is taken out, so that the arrays in it are not copied when they grow.
      var taken = State.refused
      swap(&taken, &state)
      switch consume taken {
      case .idle:
        guard unread > 0 else {
          state = .idle
          return nil
        }
        state = .head(RequestHead(limits: limits))
      case .head(var head):
        guard let request = try head.read(buffer, from: &position) else {
          state = .head(head)
          return nil
        }
        if let event = try headRead(request) { return event }
      case .fixedBody(var request, let remaining):
        let count = min(remaining, unread)
        request.body.append(contentsOf: buffer[position..<(position + count)])
        position += count
        guard count == remaining else {
          state = .fixedBody(request, remaining: remaining - count)
          return nil
        }
        return finished(request)
      case .chunkedBody(var request, var chunks):
        guard try chunks.read(buffer, from: &position, into: &request.body) else {
          state = .chunkedBody(request, chunks)
          return nil
        }
        return finished(request)
      case .refused:
        return nil
      }
    }
  }

  private mutating func headRead(_ request: Request) throws(Refusal) -> Event? {
    let framing = try Framing(of: request, limits: limits)
    let waits = try framing.waitsForContinue(request)
    switch framing {
    case .none: return finished(request)
    case .length(let length): state = .fixedBody(request, remaining: length)
    case .chunked: state = .chunkedBody(request, ChunkedBody(limits: limits))
    }
    return waits ? .continueExpected : nil
  }

  private mutating func finished(_ request: Request) -> Event {
    state = .idle
    completed += 1
    return .request(request)
  }
}
