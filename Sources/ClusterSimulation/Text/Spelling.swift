/// What somebody probably meant who wrote a word that isn't known.
package enum Spelling {
  /// The nearest of some words, where one is near: it begins with the same letter, and at most a third
  /// of its letters are wrong, missing, too many or exchanged with their neighbour, or one of the two
  /// words begins with the other.
  package static func nearest(to word: String, among known: [String]) -> String? {
    let lowered = word.lowercased()
    var best: (word: String, distance: Int)?
    for candidate in known where candidate.first == lowered.first {
      let distance = distance(Array(lowered.utf8), Array(candidate.utf8))
      let begins = lowered.hasPrefix(candidate) || candidate.hasPrefix(lowered)
      guard distance * 3 <= candidate.utf8.count || (begins && lowered.utf8.count > 1),
        distance < best?.distance ?? .max
      else { continue }
      best = (candidate, distance)
    }
    return best?.word
  }

  /// Words as a sentence offers them: `'a', 'b' or 'c'`.
  package static func alternatives(_ words: [String]) -> String {
    let quoted = words.map { "'\($0)'" }
    guard let last = quoted.last, quoted.count > 1 else { return quoted.first ?? "" }
    return quoted.dropLast().joined(separator: ", ") + " or " + last
  }

  /// How many letters have to be changed, put in, taken out or exchanged with their neighbour to make
  /// one word of the other (Damerau 1964, without a letter being touched twice).
  private static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
    // A scenario's words are short; what isn't can't be one of them.
    guard a.count <= 32, b.count <= 32 else { return .max / 4 }
    var before: [Int] = []
    var above = Array(0...b.count)
    for i in a.indices {
      var row = [i + 1]
      for j in b.indices {
        var least = min(row[j] + 1, above[j + 1] + 1, above[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
          least = min(least, before[j - 1] + 1)
        }
        row.append(least)
      }
      (before, above) = (above, row)
    }
    return above[b.count]
  }
}
