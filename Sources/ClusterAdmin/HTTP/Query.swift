/// The parameters of a request: names and values, each decoded once, a plus sign being a space as in
/// forms (which is what `URLSearchParams`, `urlencode` and their like write).
package struct Query: Sendable, Equatable {
  private let parameters: [(name: String, value: String)]

  /// Reads what follows the question mark. Only names in `allowed` may occur, each once.
  package init(_ bytes: [UInt8]?, allowed: [String]) throws(ProblemDetails) {
    var parameters: [(name: String, value: String)] = []
    for pair in (bytes ?? []).split(separator: UInt8(ascii: "&")) {
      let end = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.endIndex
      guard let name = Self.text(pair[..<end]), let value = Self.text(pair[end...].dropFirst())
      else {
        throw ProblemDetails(.badRequest, "The query is not percent-encoded UTF-8.")
      }
      guard allowed.contains(name) else {
        let accepted = allowed.isEmpty ? "none" : allowed.joined(separator: ", ")
        throw ProblemDetails(.badRequest, "Unknown query parameter; accepted here: \(accepted).")
      }
      guard !parameters.contains(where: { $0.name == name }) else {
        throw ProblemDetails(.badRequest, "The query parameter \(name) is given twice.")
      }
      parameters.append((name, value))
    }
    self.parameters = parameters
  }

  /// The value of a parameter; empty when it was given without one, none when it wasn't given.
  package subscript(name: String) -> String? {
    parameters.first { $0.name == name }?.value
  }

  /// Whether a flag is given: without a value, or as `true`.
  package func flag(_ name: String) throws(ProblemDetails) -> Bool {
    switch self[name] {
    case nil: return false
    case "", "true": return true
    default: throw ProblemDetails(.badRequest, "\(name) takes no value, or true.")
    }
  }

  /// Whether two queries have the same parameters in the same order.
  package static func == (left: Query, right: Query) -> Bool {
    left.parameters.elementsEqual(right.parameters) { $0 == $1 }
  }

  private static func text(_ bytes: ArraySlice<UInt8>) -> String? {
    guard let decoded = PercentEncoding.decoded(bytes, plusIsSpace: true) else { return nil }
    return String(validating: decoded, as: UTF8.self)
  }
}
