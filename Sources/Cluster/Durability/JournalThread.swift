import ClusterCore
import Dispatch
import Synchronization

/// Writes a member's journal on a thread of its own: a disk that is slow, full or broken delays no
/// heartbeat. There is one record at a time, which is all that waits.
final class JournalThread: Sendable {
  /// What is told of the disk.
  enum News: Equatable, Sendable {
    /// Writing fails; it is tried again.
    case failed(String)
    /// Writing works again.
    case recovered
  }

  /// What is measured, for the metrics.
  struct Measures: Sendable {
    var fileBytes = 0
    var appendedBytes: UInt64 = 0
    var flushes: UInt64 = 0
    var snapshots: UInt64 = 0
    var failures: UInt64 = 0
    var isFailing = false
    /// Nanoseconds that writing and flushing took in all.
    var busyNanoseconds: UInt64 = 0
  }

  /// Records are given out no faster than this: what is written within a few milliseconds shares one
  /// flush of the disk.
  static let pace = Span64.milliseconds(5)
  /// How long is waited after a failure: twice as long after each, up to the longest.
  static let firstRetry = Span64.milliseconds(100)
  static let longestRetry = Span64.seconds(5)

  private struct State {
    var record: JournalRecord?
    var isStopped = false
    var measures = Measures()
  }

  private let state: Mutex<State>
  private let signal = DispatchSemaphore(value: 0)
  private let thread = Mutex<LoopThread?>(nil)
  private let answer: @Sendable (Input) -> Bool
  private let tell: @Sendable (News) -> Void

  /// Starts the thread.
  ///
  /// - Parameters:
  ///   - files: Where is written to.
  ///   - answer: Takes what `Effect.append` asks for, on the thread; false when it can't now.
  ///   - tell: Takes news, on the thread.
  init<Folder: DataFolder>(
    _ files: JournalFiles<Folder>, answer: @escaping @Sendable (Input) -> Bool,
    tell: @escaping @Sendable (News) -> Void
  ) throws(SystemError) {
    var initial = State()
    initial.measures.fileBytes = files.size
    state = Mutex(initial)
    self.answer = answer
    self.tell = tell
    let thread = try LoopThread(name: "cluster-journal") { [self] in
      var files = files
      run(&files)
    }
    self.thread.withLock { $0 = thread }
  }

  /// What was measured so far.
  var measures: Measures { state.withLock { $0.measures } }

  /// Takes a record to write.
  func submit(_ record: JournalRecord) {
    state.withLock { $0.record = record }
    signal.signal()
  }

  /// Ends the thread; returns when it has. What it was given and hasn't written is lost.
  func stop() {
    state.withLock { $0.isStopped = true }
    signal.signal()
    thread.withLock { $0 }?.join()
  }

  private func run<Folder: DataFolder>(_ files: inout JournalFiles<Folder>) {
    var retry = Self.firstRetry
    while true {
      signal.wait()
      let (record, isStopped) = state.withLock { state in
        defer { state.record = nil }
        return (state.record, state.isStopped)
      }
      if isStopped { return }
      guard let record else { continue }
      let begun = Clock.instant()
      var outcome = write(record, to: &files)
      while case .refused(let error) = outcome {
        note(failure: error)
        guard pause(for: retry) else { return }
        retry = min(retry * 2, Self.longestRetry)
        outcome = write(record, to: &files)
      }
      if case .failed(let error, let losesFile) = outcome {
        note(failure: error)
        guard pause(for: retry) else { return }
        retry = min(retry * 2, Self.longestRetry)
        give(.appendFailed(number: record.number, losesFile: losesFile))
        continue
      }
      retry = Self.firstRetry
      noteSuccess()
      let spent = Clock.instant().since(begun)
      let isOver =
        spent < Self.pace
        && !pause(for: Span64(nanoseconds: Self.pace.nanoseconds - spent.nanoseconds))
      give(.appended(number: record.number))
      if isOver { return }
    }
  }

  private func write<Folder: DataFolder>(
    _ record: JournalRecord, to files: inout JournalFiles<Folder>
  ) -> JournalFiles<Folder>.Outcome {
    let begun = Clock.instant()
    let outcome = files.write(record)
    let spent = Clock.instant().since(begun)
    state.withLock { state in
      state.measures.busyNanoseconds += spent.nanoseconds
      state.measures.fileBytes = files.size
      guard outcome == .written else { return }
      state.measures.appendedBytes += UInt64(record.bytes.count)
      switch record.place {
      case .log: state.measures.flushes += 1
      case .snapshot(_, isLast: true):
        state.measures.flushes += 1
        state.measures.snapshots += 1
      case .snapshot: break
      }
    }
    return outcome
  }

  private func give(_ input: Input) {
    while !answer(input), pause(for: .milliseconds(10)) {}
  }

  /// Waits; false when the thread is to end.
  private func pause(for span: Span64) -> Bool {
    let deadline = DispatchTime.now() + .nanoseconds(Int(clamping: span.nanoseconds))
    while signal.wait(timeout: deadline) == .success {
      if state.withLock({ $0.isStopped }) { return false }
    }
    return !state.withLock { $0.isStopped }
  }

  private func note(failure: SystemError) {
    let isNews = state.withLock { state in
      state.measures.failures += 1
      defer { state.measures.isFailing = true }
      return !state.measures.isFailing
    }
    if isNews { tell(.failed("\(failure)")) }
  }

  private func noteSuccess() {
    let isNews = state.withLock { state in
      defer { state.measures.isFailing = false }
      return state.measures.isFailing
    }
    if isNews { tell(.recovered) }
  }
}
