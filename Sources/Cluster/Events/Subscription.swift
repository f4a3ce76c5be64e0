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
    var waiter: CheckedContinuation<Void, Never>?
    var isFinished = false
  }

  private let state = Mutex(State())
  private let weigh: @Sendable (Element) -> Int

  /// Creates a reader.
  ///
  /// - Parameter weigh: What an element weighs, in bytes where that matters.
  init(weigh: @escaping @Sendable (Element) -> Int = { _ in 0 }) { self.weigh = weigh }

  /// Changes what is buffered, then wakes the reader if there is something.
  func update(_ body: (inout [Element]) -> Void) {
    let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
      guard !state.isFinished else { return nil }
      state.buffer.removeFirst(state.head)
      state.head = 0
      body(&state.buffer)
      state.weight = state.buffer.reduce(0) { $0 + weigh($1) }
      guard !state.buffer.isEmpty else { return nil }
      defer { state.waiter = nil }
      return state.waiter
    }
    waiter?.resume()
  }

  /// Appends an element if there are fewer than `capacity`, and they don't weigh more than `heaviest`
  /// with it.
  func offer(_ element: Element, capacity: Int, heaviest: Int = .max) -> Bool {
    let weight = weigh(element)
    let (fits, waiter) = state.withLock { state -> (Bool, CheckedContinuation<Void, Never>?) in
      guard !state.isFinished else { return (true, nil) }
      guard state.buffer.count - state.head < capacity, state.weight + weight <= heaviest else {
        return (false, nil)
      }
      if state.head > 512, state.head * 2 > state.buffer.count {
        state.buffer.removeFirst(state.head)
        state.head = 0
      }
      state.buffer.append(element)
      state.weight += weight
      defer { state.waiter = nil }
      return (true, state.waiter)
    }
    waiter?.resume()
    return fits
  }

  /// No more comes; what is buffered can still be read.
  func finish() {
    let waiter = state.withLock { state in
      state.isFinished = true
      defer { state.waiter = nil }
      return state.waiter
    }
    waiter?.resume()
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
