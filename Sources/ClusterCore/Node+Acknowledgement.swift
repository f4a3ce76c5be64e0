/// Writes that their callers wait for: who has them is asked for, not waited for.
///
/// What members know comes round with their digests, at the pace of the probes. A caller that waits is
/// in more of a hurry: each member that may lack its write is asked what it knows of this one's
/// writes, and answers with a digest of just that. So the answer also repairs a push that was lost, by
/// the same way as every other digest. One question to a member is under way at a time, however many
/// callers wait.
extension Node {
  /// So many callers may wait.
  package static let mostAwaited = 16_384
  /// How long an answer is waited for before the question is asked again: doubled each time.
  static let firstPatience = Span64.milliseconds(10)
  static let longestPatience = Span64.milliseconds(320)

  /// Writes, and gives `Effect.answer(.written)` with the same token once enough members are known to
  /// have it, or when the time is over.
  ///
  /// - Throws: Why nothing was written.
  public mutating func write(
    _ operations: [StoreOperation], concern: WriteConcern, within timeout: Span64, token: UInt64,
    at now: Moment, into effects: inout [Effect]
  ) throws(StoreError) {
    let required = concern.required(of: configuration.size)
    guard (1...configuration.size).contains(required) else {
      throw .impossibleConcern(count: required, size: configuration.size)
    }
    guard awaited.count < Self.mostAwaited else { throw .tooManyWaiting(limit: Self.mostAwaited) }
    try write(operations, at: now, into: &effects)
    var sequences: [UInt64] = []
    for operation in operations {
      let dot = store.register(operation.key)?.versions.first { $0.dot.actor == store.actor }?.dot
      if let dot { sequences.append(dot.sequence) }
    }
    awaited.append(
      AwaitedWrite(
        token: token, sequences: sequences.sorted(), required: required,
        deadline: now.instant + timeout))
    reviewAwaited(at: now, into: &effects)
    if !awaited.isEmpty { effects.append(.flush) }
  }

  /// Answers the callers whose writes have arrived, or whose time is over.
  mutating func reviewAwaited(at now: Moment, into effects: inout [Effect]) {
    guard !awaited.isEmpty else { return }
    var waiting: [AwaitedWrite] = []
    for write in awaited {
      let holders = holders(of: write)
      if holders.count >= write.required || now.instant >= write.deadline {
        effects.append(.answer(.written(token: write.token, receipt(write, holders))))
      } else {
        waiting.append(write)
      }
    }
    awaited = waiting
  }

  /// Asks those that may lack an awaited write what they know of it.
  mutating func inquire(at now: Moment, into effects: inout [Effect]) {
    guard !awaited.isEmpty, !store.hasQueued else { return }
    for ordinal in others where peers.isLive(ordinal) {
      guard awaited.contains(where: { !knows($0, ordinal) }) else {
        peers[ordinal].inquiry = Inquiry()
        continue
      }
      guard now.instant >= peers[ordinal].inquiry.nextAt else { continue }
      peers[ordinal].inquiry.delay(from: now.instant)
      send([.inquire], to: ordinal, now: now, into: &effects)
    }
  }

  /// When somebody is asked again, or a caller's time is over.
  var nextInquiry: Instant {
    guard !awaited.isEmpty, !store.hasQueued else { return .distantFuture }
    var next = awaited.reduce(Instant.distantFuture) { min($0, $1.deadline) }
    for ordinal in others where peers.isLive(ordinal) {
      if awaited.contains(where: { !knows($0, ordinal) }) {
        next = min(next, peers[ordinal].inquiry.nextAt)
      }
    }
    return next
  }

  /// Tells a member what is known here of its own writes.
  mutating func answerInquiry(
    _ arrival: Arrival, at now: Moment, into effects: inout [Effect]
  ) {
    guard arrival.isTogether else { return reject(.group) }
    let source = arrival.source
    var clock = store.known.restricted(to: source..<source + 1)
    clock.keepNewestActors(of: source, bytes: Self.digestBudget - 24)
    send(
      [.digest(mark: max(now.instant.nanoseconds, 1), clock)], to: source,
      at: arrival.origin.address, now: now, into: &effects)
  }

  private func holders(of write: AwaitedWrite) -> [Int] {
    (0..<configuration.size).filter { $0 == ordinal || knows(write, $0) }
  }

  private func knows(_ write: AwaitedWrite, _ ordinal: Int) -> Bool {
    guard let report = store.reports[ordinal], report.boot == peers[ordinal].boot else {
      return false
    }
    return write.sequences.allSatisfy {
      report.clock.contains(Dot(actor: store.actor, sequence: $0))
    }
  }

  private func receipt(_ write: AwaitedWrite, _ holders: [Int]) -> WriteReceipt {
    WriteReceipt(
      holders: holders.map(member),
      missing: (0..<configuration.size).filter { !holders.contains($0) }.map(member),
      required: write.required)
  }
}

/// The question to one member what it knows of this one's writes.
package struct Inquiry: Hashable, Sendable {
  /// When it is asked (again).
  package private(set) var nextAt = Instant(nanoseconds: 0)
  private var patience = Node.firstPatience

  package init() {}

  /// Notes that it was asked now.
  mutating func delay(from now: Instant) {
    nextAt = now + patience
    patience = min(patience * 2, Node.longestPatience)
  }
}
