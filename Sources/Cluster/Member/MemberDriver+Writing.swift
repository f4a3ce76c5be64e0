import ClusterCore
import Synchronization

/// Local writes, each under one hold of the node's lock.
extension MemberDriver {
  /// Writes, and lets the loop know.
  func write(_ operations: [StoreOperation]) throws(StoreError) {
    let result: Result<Bool, StoreError> = node.withLock { node in
      var effects: [Effect] = []
      do throws(StoreError) {
        try node.write(operations, at: Clock.now(), into: &effects)
      } catch {
        return .failure(error)
      }
      return .success(absorb(&effects))
    }
    if try counted(result, operations) { wake() }
  }

  /// Writes one step, and lets the loop know.
  func write(_ operation: StoreOperation) throws(StoreError) {
    let wall = Clock.wallMilliseconds()
    let result: Result<Bool, StoreError> = node.withLock { node in
      do throws(StoreError) {
        let (change, needsFlush) = try node.write(operation, wallMilliseconds: wall)
        if let change { feed.append(change) }
        return .success(needsFlush)
      } catch {
        return .failure(error)
      }
    }
    if try counted(result, CollectionOfOne(operation)) { wake() }
  }

  /// Writes, and lets the loop know; an answer to the token follows.
  func write(
    _ operations: [StoreOperation], concern: WriteConcern, within timeout: Span64, token: UInt64
  ) throws(StoreError) {
    let result: Result<Bool, StoreError> = node.withLock { node in
      var effects: [Effect] = []
      do throws(StoreError) {
        try node.write(
          operations, concern: concern, within: timeout, token: token, at: Clock.now(),
          into: &effects)
      } catch {
        return .failure(error)
      }
      return .success(absorb(&effects))
    }
    if try result.get() { wake() }
  }

  /// Writes if the node, as it is under the lock, allows it.
  func write(
    when condition: (borrowing Node) -> Bool, _ operations: [StoreOperation]
  ) throws(StoreError) -> Bool {
    let result: Result<(written: Bool, flush: Bool), StoreError> = node.withLock { node in
      guard condition(node) else { return .success((false, false)) }
      var effects: [Effect] = []
      do throws(StoreError) {
        try node.write(operations, at: Clock.now(), into: &effects)
      } catch {
        return .failure(error)
      }
      return .success((true, absorb(&effects)))
    }
    let outcome = try counted(result, operations)
    if outcome.flush { wake() }
    return outcome.written
  }

  /// Counts writes and what was refused.
  private func counted<Outcome>(
    _ result: Result<Outcome, StoreError>, _ operations: some Collection<StoreOperation>
  ) throws(StoreError) -> Outcome {
    switch result {
    case .success(let outcome):
      self.operations.count(operations)
      return outcome
    case .failure(let error):
      self.operations.countRefusal()
      throw error
    }
  }

  /// Feeds changes to watchers; answers whether something waits to be sent. Under the node's lock.
  private func absorb(_ effects: inout [Effect]) -> Bool {
    var needsFlush = false
    for effect in effects {
      switch effect {
      case .changed(let change): feed.append(change)
      case .flush: needsFlush = true
      case .answer(let answer): answers.deliver(answer)
      default: break
      }
    }
    return needsFlush
  }
}
