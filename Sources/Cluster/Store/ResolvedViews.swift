import ClusterCore
import Synchronization

/// What the embedder's resolver made of conflicts, remembered per set of candidates, so that it is
/// asked once for each. It is never asked under a lock.
final class ResolvedViews: Sendable {
  /// So many answers are remembered; then all are forgotten and asked for anew.
  private static let capacity = 8_192

  private struct Question: Hashable {
    var key: Key
    var candidates: [Stamp]
    var origins: [Origin]
  }

  private let resolver: ConflictResolver
  private let answers = Mutex<[Question: [UInt8]?]>([:])

  init(resolver: ConflictResolver) { self.resolver = resolver }

  /// What is read of a key with these candidates, none being nothing.
  func value(
    _ key: Key, _ candidates: [Candidate], report: (ClusterEvent) -> Void
  ) -> [UInt8]? {
    guard candidates.count > 1 else { return candidates.first?.value }
    // A value that has ended is no longer a candidate value: the answer may be another then.
    let question = Question(
      key: key, candidates: candidates.map(\.stamp),
      origins: candidates.map {
        Origin(ordinal: $0.origin.ordinal, boot: $0.value == nil ? 0 : $0.origin.boot)
      })
    if let known = answers.withLock({ $0[question] }) { return known }
    let conflict = Conflict(key: key.text, candidates: candidates)
    let answer: [UInt8]?
    do {
      switch try resolver.resolve(conflict) {
      case .keep(let candidate): answer = candidate.value
      case .value(let bytes): answer = bytes
      case .delete: answer = nil
      }
    } catch {
      report(.resolverFailed(key: conflict.key, reason: "\(error)"))
      answer = conflict.newest.value
    }
    answers.withLock { answers in
      if answers.count >= Self.capacity { answers.removeAll() }
      answers[question] = .some(answer)
    }
    return answer
  }
}
