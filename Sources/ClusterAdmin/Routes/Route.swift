/// One thing that can be asked for.
struct Route: Sendable {
  /// The method. GET answers HEAD too.
  let method: Method
  /// The path, with at most one variable segment, its last: `/keys/{key}`.
  let path: String
  /// The query parameters that may be given.
  let query: [String]
  /// What it does, in one line.
  let summary: String
  /// What does it.
  let handler: @Sendable (Call) throws(ProblemDetails) -> Response

  private let segments: [[UInt8]]
  private let hasArgument: Bool

  init(
    _ method: Method, _ path: String, query: [String] = [], _ summary: String,
    _ handler: @escaping @Sendable (Call) throws(ProblemDetails) -> Response
  ) {
    self.method = method
    self.path = path
    self.query = query
    self.summary = summary
    self.handler = handler
    let parts = path.split(separator: "/").map { Array($0.utf8) }
    hasArgument = parts.last?.first == UInt8(ascii: "{")
    segments = hasArgument ? Array(parts.dropLast()) : parts
  }

  /// Whether it changes something.
  var isChange: Bool { method != .get }

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
