public import ClusterCore

extension ConflictResolver {
  /// The resolvers that a scenario's text can name.
  static let named: [(String, ConflictResolver)] = [
    ("lww", .lastWriterWins), ("max", .largest), ("union", .union), ("concat", .concatenation),
  ]

  /// The resolvers that a scenario's text can name, and their names.
  public static var textual: [(name: String, resolver: ConflictResolver)] {
    named.map { (name: $0.0, resolver: $0.1) }
  }

  /// The value whose bytes are the largest.
  private static let largest = ConflictResolver.merging(name: "max") { conflict in
    let values = conflict.candidates.compactMap(\.value)
    guard var largest = values.first else { return .delete }
    for value in values where largest.lexicographicallyPrecedes(value) { largest = value }
    return .value(largest)
  }

  /// All comma-separated parts of all values, each once, in order.
  private static let union = ConflictResolver.merging(name: "union") { conflict in
    let values = conflict.candidates.compactMap(\.value)
    guard !values.isEmpty else { return .delete }
    let comma = UInt8(ascii: ",")
    let parts = values.flatMap { $0.split(separator: comma).map(Array.init) }
      .sorted { $0.lexicographicallyPrecedes($1) }
    let unique = parts.indices.filter { $0 == 0 || parts[$0] != parts[$0 - 1] }.map { parts[$0] }
    return .value(Array(unique.joined(separator: [comma])))
  }

  /// All values, oldest first, one behind the other: not associative on purpose.
  private static let concatenation = ConflictResolver.merging(name: "concat") { conflict in
    let values = conflict.candidates.compactMap(\.value)
    return values.isEmpty ? .delete : .value(Array(values.joined()))
  }
}
