/// Resolvers that are often wanted. Each says what it loses: whatever it answers, the candidates are
/// kept until the next write of the key, and `entry(_:)` shows them.
extension ConflictResolver {
  /// The candidate with the smallest stamp is read: what was there first stays.
  ///
  /// It loses every write that was made at the same time and later, by the writers' clocks. For
  /// claims ("who takes the job?"), where the first is to win.
  public static let firstWriterWins = ConflictResolver(
    name: "firstWriterWins", looksAtStampsOnly: true
  ) { .keep($0.oldest) }

  /// A value wins over a delete; of several values the one with the largest stamp.
  ///
  /// It loses the delete, and the older values. The last writer alone would lose an update that was
  /// made while another member deleted the key.
  public static let valueWins = ConflictResolver(
    name: "valueWins", looksAtStampsOnly: true
  ) { conflict in
    .keep(conflict.candidates.last { $0.value != nil } ?? conflict.newest)
  }

  /// A delete wins over every value; of several values the one with the largest stamp.
  ///
  /// It loses each value that was written at the same time as a delete, and the older values.
  public static let deleteWins = ConflictResolver(
    name: "deleteWins", looksAtStampsOnly: true
  ) { conflict in
    .keep(conflict.candidates.first { $0.value == nil } ?? conflict.newest)
  }

  /// The largest whole number is read, values being decimal texts such as `42` or `-7`.
  ///
  /// It suits what only grows (a high-water mark, a version, a counter of one writer). It is no
  /// counter of many writers: of two increments made at the same time one is lost. Deletes lose.
  public static let largestNumber = number("largestNumber") { $0 > $1 }

  /// The smallest whole number is read, values being decimal texts such as `42` or `-7`.
  ///
  /// Of two decrements made at the same time one is lost. Deletes lose.
  public static let smallestNumber = number("smallestNumber") { $0 < $1 }

  /// The union of all values is read, each value being a set written as parts of text with a
  /// separator between them; the parts are sorted by their bytes.
  ///
  /// It loses removals: a part that one member took out, while another wrote the key, is back. A
  /// delete of the whole key loses as well.
  ///
  /// - Parameter separator: What stands between two parts, a line's end if nothing is said.
  public static func union(separator: Unicode.Scalar = "\n") -> ConflictResolver {
    let bytes = Array(String(Character(separator)).utf8)
    return .merging(name: "union(U+\(String(separator.value, radix: 16)))") { conflict in
      var parts: [[UInt8]] = []
      for value in conflict.candidates.compactMap(\.value) {
        parts += Self.parts(of: value, separator: bytes)
      }
      guard !parts.isEmpty else { return .keep(conflict.newest) }
      parts.sort { $0.lexicographicallyPrecedes($1) }
      let unique = parts.indices.filter { $0 == 0 || parts[$0] != parts[$0 - 1] }
      return .value(Array(unique.map { parts[$0] }.joined(separator: bytes)))
    }
  }

  /// A value is no whole number: what is read is what the last writer wrote.
  public struct NotANumber: Error, Hashable, Sendable, CustomStringConvertible {
    /// The value, as far as it is text.
    public let value: String

    /// What was wrong, in a line.
    public var description: String { "\"\(value)\" is not a whole number of 64 bits" }
  }

  private static func number(
    _ name: String, _ wins: @escaping @Sendable (Int64, Int64) -> Bool
  ) -> ConflictResolver {
    .merging(name: name) { conflict in
      var best: (number: Int64, candidate: Candidate)?
      for candidate in conflict.candidates where candidate.value != nil {
        let text = candidate.string ?? ""
        guard let number = Int64(text) else { throw NotANumber(value: String(text.prefix(40))) }
        if best.map({ wins(number, $0.number) || number == $0.number }) ?? true {
          best = (number, candidate)
        }
      }
      return .keep(best?.candidate ?? conflict.newest)
    }
  }

  /// The parts of a value between separators, empty ones left out.
  private static func parts(of value: [UInt8], separator: [UInt8]) -> [[UInt8]] {
    var parts: [[UInt8]] = []
    var start = 0
    var index = 0
    while index + separator.count <= value.count {
      guard value[index..<index + separator.count].elementsEqual(separator) else {
        index += 1
        continue
      }
      if index > start { parts.append(Array(value[start..<index])) }
      index += separator.count
      start = index
    }
    if start < value.count { parts.append(Array(value[start...])) }
    return parts
  }
}
