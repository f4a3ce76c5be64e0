import Synchronization

/// One reader of a stream of elements: a bounded buffer and, when it is empty, who waits for more.
///
/// What doesn't fit, by number or by weight, is the writer's business: `offer` says so and the hub
/// decides.
final class Subscription<Element: Sendable>: Sendable {
  private struct State {
    var buffer: [Element] = []
    var head = 0
    /// What the elements from `head` on weigh.
    var weight = 0
    /// So many elements fit in any case, after an update that made as much room as it could.
    var room = 0
    var waiter: CheckedContinuation<Void, Never>?
    /// Whom to call when something can be taken, beside the waiter.
    var wake: (@Sendable () -> Void)?
    var isFinished = false

    /// Takes the waiter off, to be woken; `wake` stays.
    mutating func sleepers() -> Sleepers {
      defer { waiter = nil }
      return Sleepers(waiter: waiter, wake: wake)
    }
  }

  /// Who is to be told, outside the lock, that something came.
  private struct Sleepers {
    var waiter: CheckedContinuation<Void, Never>?
    var wake: (@Sendable () -> Void)?

    func wakeUp() {
      waiter?.resume()
      wake?()
    }
  }

  private let state = Mutex(State())
  private let weigh: @Sendable (Element) -> Int

  /// Creates a reader.
  ///
  /// - Parameter weigh: What an element weighs, in bytes where that matters.
  init(weigh: @escaping @Sendable (Element) -> Int = { _ in 0 }) { self.weigh = weigh }

  /// Changes what is buffered, then wakes the reader if there is something.
  ///
  /// - Parameter most: Up to so many elements, twice as many as are left fit until the next update:
  ///   one that walks all of them costs each element no more than a constant then.
  func update(roomTo most: Int = 0, _ body: (inout [Element]) -> Void) {
    let sleepers = state.withLock { state -> Sleepers? in
      guard !state.isFinished else { return nil }
      state.buffer.removeFirst(state.head)
      state.head = 0
      body(&state.buffer)
      state.room = min(2 * state.buffer.count, most)
      state.weight = state.buffer.reduce(0) { $0 + weigh($1) }
      return state.buffer.isEmpty ? nil : state.sleepers()
    }
    sleepers?.wakeUp()
  }

  /// Appends an element if there are fewer than `capacity`, and they don't weigh more than `heaviest`
  /// with it.
  func offer(_ element: Element, capacity: Int, heaviest: Int = .max) -> Bool {
    let weight = weigh(element)
    let (fits, sleepers) = state.withLock { state -> (Bool, Sleepers?) in
      guard !state.isFinished else { return (true, nil) }
      guard state.buffer.count - state.head < max(capacity, state.room),
        state.weight + weight <= heaviest
      else { return (false, nil) }
      if state.head > 512, state.head * 2 > state.buffer.count {
        state.buffer.removeFirst(state.head)
        state.head = 0
      }
      state.buffer.append(element)
      state.weight += weight
      return (true, state.sleepers())
    }
    sleepers?.wakeUp()
    return fits
  }

  /// No more comes; what is buffered can still be read.
  func finish() {
    let sleepers = state.withLock { state in
      state.isFinished = true
      return state.sleepers()
    }
    sleepers.wakeUp()
  }

  /// Calls `wake`, from whatever thread it comes, whenever something can be taken by `poll()`.
  func onElement(_ wake: @escaping @Sendable () -> Void) { state.withLock { $0.wake = wake } }

  /// The next element if there is one, and whether it is finished and read empty.
  func poll() -> (element: Element?, isOver: Bool) {
    let taken = take()
    return (taken.element, taken.element == nil && taken.isFinished)
  }

  /// The next element; none when it is finished and read empty, or the task is cancelled.
  func next() async -> Element? {
    while true {
      let taken = take()
      if taken.element != nil || taken.isFinished || Task.isCancelled { return taken.element }
      await withTaskCancellationHandler {
        await withCheckedContinuation { continuation in
          let isReady = state.withLock { state in
            let isReady = state.head < state.buffer.count || state.isFinished || Task.isCancelled
            if !isReady { state.waiter = continuation }
            return isReady
          }
          if isReady { continuation.resume() }
        }
      } onCancel: {
        let waiter = state.withLock { state in
          defer { state.waiter = nil }
          return state.waiter
        }
        waiter?.resume()
      }
    }
  }

  private func take() -> (element: Element?, isFinished: Bool) {
    state.withLock { state in
      guard state.head < state.buffer.count else { return (nil, state.isFinished) }
      defer {
        state.head += 1
        if state.head == state.buffer.count {
          state.buffer.removeAll(keepingCapacity: state.buffer.capacity <= 1_024)
          state.head = 0
        }
      }
      state.weight -= weigh(state.buffer[state.head])
      return (state.buffer[state.head], state.isFinished)
    }
  }
}
