/// Finds what somebody probably meant.
enum Resemblance {
  /// The known word that is nearest to `word`, if it is near enough for a typing error: a third of its
  /// letters, at least one. The first of equally near ones.
  static func closest(to word: String, among known: [String]) -> String? {
    guard word.utf8.count <= 64 else { return nil }
    let ranked = known.map { (word: $0, distance: distance(Array(word), Array($0))) }
    guard let best = ranked.min(by: { $0.distance < $1.distance }) else { return nil }
    return best.distance <= max(1, letters(word) / 3) ? best.word : nil
  }

  private static func letters(_ word: String) -> Int { word.drop { $0 == "-" }.count }

  /// How many letters have to be inserted, removed, replaced or swapped with a neighbour (Damerau and
  /// Levenshtein's distance, each letter touched once).
  private static func distance(_ left: [Character], _ right: [Character]) -> Int {
    var beforeLast = [Int](repeating: 0, count: right.count + 1)
    var last = Array(0...right.count)
    for i in left.indices {
      var row = [i + 1]
      for j in right.indices {
        let replaced = last[j] + (left[i] == right[j] ? 0 : 1)
        var cost = min(replaced, last[j + 1] + 1, row[j] + 1)
        if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
          cost = min(cost, beforeLast[j - 1] + 1)
        }
        row.append(cost)
      }
      (beforeLast, last) = (last, row)
    }
    return last[right.count]
  }
}
