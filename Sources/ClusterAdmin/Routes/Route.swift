/// One thing that can be asked for, and what there is to say of it: `GET /openapi.json` is made of
/// these, so that what is documented is what is answered.
struct Route: Sendable {
  /// The method. GET answers HEAD too.
  let method: Method
  /// The path, with at most one variable segment, its last: `/keys/{key}`.
  let path: String
  /// The query parameters that may be given.
  let query: [Parameter]
  /// What it does, in one line.
  let summary: String
  /// What it may answer, beside what every route may.
  let replies: [Documented]
  /// What does it.
  let handler: Handler

  typealias Handler = @Sendable (Call) throws(ProblemDetails) -> Response

  private let segments: [[UInt8]]
  private let hasArgument: Bool

  init(
    _ method: Method, _ path: String, query: [Parameter] = [], _ summary: String,
    replies: [Documented], _ handler: @escaping Handler
  ) {
    self.method = method
    self.path = path
    self.query = query
    self.summary = summary
    self.replies = replies
    self.handler = handler
    let parts = path.split(separator: "/").map { Array($0.utf8) }
    hasArgument = parts.last?.first == UInt8(ascii: "{")
    segments = hasArgument ? Array(parts.dropLast()) : parts
  }

  /// Whether it changes something.
  var isChange: Bool { method != .get }

  /// The name of the path's variable segment.
  var argumentName: String? {
    guard hasArgument, let last = path.split(separator: "/").last else { return nil }
    return String(last.dropFirst().dropLast())
  }

  /// The variable segment of a path that is this route's, empty where there is none; nothing for
  /// another path.
  func argument(in path: [[UInt8]]) -> [UInt8]? {
    guard path.count == segments.count + (hasArgument ? 1 : 0), path.starts(with: segments) else {
      return nil
    }
    return hasArgument ? path.last : []
  }

  /// Whether the route answers to a method.
  func answers(_ method: Method) -> Bool {
    self.method == method || (self.method == .get && method == .head)
  }
}

extension Route {
  /// A query parameter.
  struct Parameter: Sendable {
    /// What its value may be.
    enum Kind: Sendable {
      /// Any text.
      case text
      /// A whole number.
      case whole(ClosedRange<Int>)
      /// One of these.
      case choice([String])
      /// Nothing, or `true`.
      case flag
    }

    var name: String
    var meaning: String
    var kind: Kind

    init(_ name: String, _ kind: Kind, _ meaning: String) {
      self.name = name
      self.kind = kind
      self.meaning = meaning
    }
  }

  /// A reply as it is documented.
  struct Documented: Sendable {
    var status: Status
    var meaning: String
    /// The types of its body, each with the name of its schema, if it is JSON.
    var bodies: [(type: String, schema: String?)]

    /// A JSON body.
    static func json(_ status: Status, _ schema: String, _ meaning: String) -> Self {
      Self(status: status, meaning: meaning, bodies: [("application/json", schema)])
    }

    /// A body of another type.
    static func body(_ status: Status, _ type: String, _ meaning: String) -> Self {
      Self(status: status, meaning: meaning, bodies: [(type, nil)])
    }

    /// A refusal, as problem details.
    static func problem(_ status: Status, _ meaning: String) -> Self {
      Self(status: status, meaning: meaning, bodies: [("application/problem+json", "Problem")])
    }

    /// A reply without a body.
    static func empty(_ status: Status, _ meaning: String) -> Self {
      Self(status: status, meaning: meaning, bodies: [])
    }

    /// The same reply in another type too.
    func or(_ type: String) -> Self {
      var both = self
      both.bodies.append((type, nil))
      return both
    }
  }
}
