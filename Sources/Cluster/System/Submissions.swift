import Synchronization

/// A bounded queue from any thread to one loop.
final class Submissions<Element: Sendable>: Sendable {
  private let capacity: Int
  private let elements = Mutex<[Element]>([])

  init(capacity: Int) { self.capacity = capacity }

  /// Adds an element; false when there is no room.
  func add(_ element: Element) -> Bool {
    elements.withLock { elements in
      guard elements.count < capacity else { return false }
      elements.append(element)
      return true
    }
  }

  /// Takes all of them, oldest first.
  func takeAll() -> [Element] {
    elements.withLock { elements in
      defer { elements = [] }
      return elements
    }
  }
}
