import Cluster
import FoundationEssentials

/// What a refusal says: the title and detail of its problem details (RFC 9457), or its plain body.
struct ProblemText {
  /// One line, free of anything that a terminal would act upon.
  let text: String

  private struct Problem: Decodable {
    var title: String?
    var detail: String?
  }

  /// Reads a refusal.
  init(_ reply: HTTPReply) {
    let problem = try? JSONDecoder().decode(Problem.self, from: Data(reply.body))
    let parts = [problem?.title, problem?.detail].compactMap { $0 }.filter { !$0.isEmpty }
    let words = parts.isEmpty ? reply.text : parts.joined(separator: ": ")
    text = words.isEmpty ? "no reason given" : String(escaped(words).dropFirst().dropLast())
  }
}
