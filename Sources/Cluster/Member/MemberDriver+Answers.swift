import ClusterCore
import Synchronization

/// Callers that wait for what they asked the node for, each by a token.
final class AwaitedAnswers: Sendable {
  private struct State {
    var waiting: [UInt64: CheckedContinuation<Answer?, Never>] = [:]
    /// Answers that came before anybody waited, and tokens whose callers have gone.
    var early: [UInt64: Answer?] = [:]
    var next: UInt64 = 0
    var isFinished = false
  }

  private let state = Mutex(State())

  /// A token that nobody had yet.
  func token() -> UInt64 {
    state.withLock { state in
      state.next += 1
      return state.next
    }
  }

  /// Waits for the answer to a token; none when the member ends first, or the task is cancelled.
  func answer(to token: UInt64) async -> Answer? {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let early: Answer?? = state.withLock { state in
          if let early = state.early.removeValue(forKey: token) { return .some(early) }
          if state.isFinished || Task.isCancelled { return .some(nil) }
          state.waiting[token] = continuation
          return nil
        }
        if let early { continuation.resume(returning: early) }
      }
    } onCancel: {
      state.withLock { $0.waiting.removeValue(forKey: token) }?.resume(returning: nil)
    }
  }

  /// Hands over an answer, to be taken by who waits for it or comes to wait for it.
  func deliver(_ answer: Answer) {
    state.withLock { state in
      let waiting = state.waiting.removeValue(forKey: answer.token)
      if waiting == nil, !state.isFinished { state.early[answer.token] = .some(answer) }
      return waiting
    }?.resume(returning: answer)
  }

  /// Forgets an answer that nobody comes to take.
  func abandon(_ token: UInt64) {
    state.withLock { _ = $0.early.removeValue(forKey: token) }
  }

  func finish() {
    let waiting = state.withLock { state in
      state.isFinished = true
      state.early = [:]
      defer { state.waiting = [:] }
      return Array(state.waiting.values)
    }
    for continuation in waiting { continuation.resume(returning: nil) }
  }
}

extension MemberDriver {
  /// Writes, and waits until enough members have it or the time is over.
  func write(
    _ operations: [StoreOperation], concern: WriteConcern, timeout: Duration
  ) async throws -> WriteReceipt {
    let token = answers.token()
    try write(operations, concern: concern, within: Span64(timeout), token: token)
    let answer = await answers.answer(to: token)
    answers.abandon(token)
    guard case .written(_, let receipt)? = answer else {
      try Task.checkCancellation()
      throw StoreError.ended
    }
    return receipt
  }
}
