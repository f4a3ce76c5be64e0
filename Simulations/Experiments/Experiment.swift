/// Something to be measured: how one run of one seed goes, and what must come of many.
struct Experiment: Sendable {
  var name: String
  /// One line: what is done, and what is measured.
  var about: String
  var bounds: [Bound]
  /// Of so many seeds only one is run.
  var thinning: UInt64 = 1
  var run: @Sendable (UInt64) -> Sample

  /// All of them, in the order in which they are run.
  static let all: [Experiment] =
    crashes + cuts + heals + joins + restarts + pauses + badMembers + idle
    + presets
}

/// What a quantity must not exceed, over all seeds.
struct Bound: Sendable {
  var name: String
  var unit: String
  var median: Double?
  /// Judged where there are a hundred values: of fewer it would be the worst one.
  var p99: Double?
  var maximum: Double?
  /// What none may fall below.
  var least: Double?
  /// What the middle one may not fall below: that there is something to be compared with.
  var leastMedian: Double?

  /// The bound in words.
  var text: String {
    let parts = [
      ("p50 <= ", median), ("p50 >= ", leastMedian), ("p99 <= ", p99), ("max <= ", maximum),
      ("min >= ", least),
    ]
    let told = parts.compactMap { part in part.1.map { part.0 + Measurement.digits($0) } }
    return told.isEmpty ? "shown only" : told.joined(separator: ", ")
  }
}

/// What one run gave: some values of each quantity, or why it failed.
struct Sample: Sendable {
  private var entries: [(name: String, value: Double)] = []
  /// An invariant that broke, or something that never came.
  var failure: String?

  /// What members told, line by line.
  var events: [String] = []

  mutating func add(_ name: String, _ value: Double) { entries.append((name, value)) }

  func values(of name: String) -> [Double] {
    entries.filter { $0.name == name }.map(\.value)
  }
}
