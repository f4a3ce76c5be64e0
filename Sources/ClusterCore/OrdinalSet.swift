/// A small ordered set of ordinals.
package struct OrdinalSet: Hashable, Sendable {
  package private(set) var elements: [Int] = []

  package init() {}

  package var isEmpty: Bool { elements.isEmpty }
  package var count: Int { elements.count }

  package func contains(_ ordinal: Int) -> Bool {
    let index = elements.partitioningIndex { $0 >= ordinal }
    return index < elements.count && elements[index] == ordinal
  }

  package mutating func insert(_ ordinal: Int) {
    let index = elements.partitioningIndex { $0 >= ordinal }
    if index == elements.count || elements[index] != ordinal {
      elements.insert(ordinal, at: index)
    }
  }

  package mutating func remove(_ ordinal: Int) { elements.removeAll { $0 == ordinal } }
  package mutating func removeAll() { elements = [] }
}
