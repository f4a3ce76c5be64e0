import ClusterCore

/// Asks the scenario's resolver what is read of a conflict, as each member's driver does, and sees
/// to it that the same candidates always give the same answer.
struct ResolverDesk {
  private struct Question: Hashable {
    var key: Key
    var candidates: [Candidate]
  }

  /// What is read: a value, or nothing.
  typealias Answer = [UInt8]?

  private let resolver: ConflictResolver
  private var answers: [Question: Answer] = [:]
  /// How often a member met a set of candidates that has to be resolved.
  private(set) var calls = 0
  /// How often the closure threw.
  private(set) var failures = 0

  init(resolver: ConflictResolver) { self.resolver = resolver }

  /// A member holds these candidates now. What is wrong with the resolver; none when it is sound.
  mutating func meet(_ key: Key, _ candidates: [Candidate]) -> String? {
    guard Self.isConflict(candidates) else { return nil }
    calls += 1
    let first = ask(key, candidates)
    let second = ask(key, candidates)
    if first == nil { failures += 1 }
    let answer = first ?? candidates.last?.value
    guard first == second else { return Self.complaint(key, candidates) }
    let question = Question(key: key, candidates: candidates)
    if let known = answers[question] {
      return known == answer ? nil : Self.complaint(key, candidates)
    }
    answers[question] = answer
    return nil
  }

  /// What a member reads that holds these candidates.
  func read(_ key: Key, _ candidates: [Candidate]) -> Answer {
    guard Self.isConflict(candidates) else { return candidates.last?.value }
    if let known = answers[Question(key: key, candidates: candidates)] { return known }
    return ask(key, candidates) ?? candidates.last?.value
  }

  /// Whether there is something to decide. Deletes alone are no question: nothing is read.
  private static func isConflict(_ candidates: [Candidate]) -> Bool {
    candidates.count > 1 && candidates.contains { $0.value != nil }
  }

  /// The resolver's answer; none when it threw.
  private func ask(_ key: Key, _ candidates: [Candidate]) -> Answer? {
    do {
      switch try resolver.resolve(Conflict(key: key.text, candidates: candidates)) {
      case .keep(let candidate): return .some(candidate.value)
      case .value(let bytes): return .some(bytes)
      case .delete: return .some(nil)
      }
    } catch {
      return nil
    }
  }

  private static func complaint(_ key: Key, _ candidates: [Candidate]) -> String {
    "\(key.text): two answers for the same \(candidates.count) candidates"
  }
}
