import ClusterCore
import Synchronization

/// What the embedder's resolver made of conflicts, remembered per set of candidates, so that it is
/// asked once for each. It is never asked under a lock, and never trusted: when it throws the last
/// writer wins; when it takes long, the log says so while it still runs.
final class ResolvedViews: Sendable {
  /// So many answers are remembered; then all are forgotten and asked for anew.
  private static let capacity = 8_192
  /// What takes longer is reported.
  static let slow = Span64.milliseconds(100)

  private struct Question: Hashable {
    var key: Key
    var candidates: [Stamp]
    var origins: [Origin]

    /// A value that has ended is no longer a candidate value: the answer may be another then.
    init(key: Key, _ candidates: [Candidate]) {
      self.key = key
      self.candidates = candidates.map(\.stamp)
      origins = candidates.map {
        Origin(ordinal: $0.origin.ordinal, boot: $0.value == nil ? 0 : $0.origin.boot)
      }
    }
  }

  /// A call that hasn't returned.
  private struct Running {
    var key: String
    var name: String
    var startedAt: Instant
    var isReported = false
  }

  /// Totals of one resolver.
  struct Counts: Hashable, Sendable {
    /// How often it was asked.
    var calls: UInt64 = 0
    /// How often it threw.
    var failures: UInt64 = 0
    /// How often it took longer than `slow`.
    var slow: UInt64 = 0
  }

  private let resolver: ConflictResolver
  private let logger: Logger
  private let answers = Mutex<[Question: [UInt8]?]>([:])
  private let running = Mutex<[UInt64: Running]>([:])
  private let counted = Mutex<[String: Counts]>([:])
  private let calls = Atomic<UInt64>(0)
  /// How many calls run now; relaxed: it only spares a look at `running`.
  private let busy = Atomic<Int>(0)

  init(resolver: ConflictResolver, logger: Logger) {
    self.resolver = resolver
    self.logger = logger
  }

  /// What was counted, by the resolvers' names, in order.
  var counts: [(name: String, counts: Counts)] {
    counted.withLock { $0 }.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// What is read of a key with these candidates, none being nothing.
  func value(
    _ key: Key, _ candidates: [Candidate], report: (ClusterEvent) -> Void
  ) -> [UInt8]? {
    guard candidates.count > 1 else { return candidates.first?.value }
    let question = Question(key: key, candidates)
    if let known = answers.withLock({ $0[question] }) { return known }
    let answer = resolve(Conflict(key: key.text, candidates: candidates), report: report)
    answers.withLock { answers in
      if answers.count >= Self.capacity { answers.removeAll() }
      answers[question] = .some(answer)
    }
    return answer
  }

  /// Whether anything is read of a key with these candidates, as far as that is known without asking
  /// the embedder: by the answer that is remembered, or where there is none, by whether any candidate
  /// is a value.
  func hasValue(_ key: Key, _ candidates: [Candidate]) -> Bool {
    let isAnyValue = candidates.contains { $0.value != nil }
    guard candidates.count > 1 else { return isAnyValue }
    let question = Question(key: key, candidates)
    if let known = answers.withLock({ $0[question] }) { return known != nil }
    let chosen = resolver.deciding(key.text)
    guard chosen.looksAtStampsOnly,
      case .keep(let kept)? = try? chosen.resolve(Conflict(key: key.text, candidates: candidates))
    else { return isAnyValue }
    return kept.value != nil
  }

  private func resolve(
    _ conflict: Conflict, report: (ClusterEvent) -> Void
  ) -> [UInt8]? {
    let chosen = resolver.deciding(conflict.key)
    let call = begin(conflict.key, of: chosen.name)
    do {
      let resolution = try chosen.resolve(conflict)
      end(call, of: chosen.name, hasThrown: false)
      switch resolution {
      case .keep(let candidate): return candidate.value
      case .value(let bytes): return bytes
      case .delete: return nil
      }
    } catch {
      end(call, of: chosen.name, hasThrown: true)
      report(.resolverFailed(key: conflict.key, reason: "\(error)"))
      return conflict.newest.value
    }
  }

  private func begin(_ key: String, of name: String) -> UInt64 {
    let call = calls.add(1, ordering: .relaxed).newValue
    running.withLock { $0[call] = Running(key: key, name: name, startedAt: Clock.instant()) }
    busy.add(1, ordering: .relaxed)
    return call
  }

  private func end(_ call: UInt64, of name: String, hasThrown: Bool) {
    busy.subtract(1, ordering: .relaxed)
    let now = Clock.instant()
    let call = running.withLock { $0.removeValue(forKey: call) }
    let isSlow = call.map { now.since($0.startedAt) > Self.slow } ?? false
    counted.withLock { counted in
      counted[name, default: Counts()].calls += 1
      if hasThrown { counted[name, default: Counts()].failures += 1 }
      if isSlow { counted[name, default: Counts()].slow += 1 }
    }
    if isSlow, let call, !call.isReported { complain(call, at: now) }
  }

  /// Says which calls have run for long and still do, each once. The member's loop asks with every
  /// round; it costs nothing while none runs.
  func reportSlow(at now: Instant) {
    guard busy.load(ordering: .relaxed) > 0 else { return }
    let slow = running.withLock { running in
      var slow: [Running] = []
      for (number, call) in running
      where !call.isReported && now.since(call.startedAt) > Self.slow {
        running[number]?.isReported = true
        slow.append(call)
      }
      return slow
    }
    for call in slow { complain(call, at: now) }
  }

  private func complain(_ call: Running, at now: Instant) {
    logger.log(
      .warning, "the resolver takes long",
      [
        "key": call.key, "resolver": call.name,
        "milliseconds": "\(now.since(call.startedAt).nanoseconds / 1_000_000)",
      ])
  }
}
