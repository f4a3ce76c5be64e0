/// How far a long work is, its rate and the time that is left: on a terminal over the last line, ten
/// times a second; elsewhere as a line every ten seconds.
struct Progress {
  private let name: String
  private let unit: String
  private let total: UInt64
  private let start = ContinuousClock.now
  private var lastShown = ContinuousClock.now

  init(_ name: String, of total: UInt64, unit: String = "seeds") {
    self.name = name
    self.total = total
    self.unit = unit
  }

  /// So much is done. `words` come behind the count.
  mutating func show(_ done: UInt64, _ words: String) {
    let now = ContinuousClock.now
    guard now - lastShown >= (Output.isWatched ? .milliseconds(100) : .seconds(10)) else { return }
    lastShown = now
    let seconds = max((now - start) / .seconds(1), 0.001)
    let rate = Double(done) / seconds
    let left = rate > 0 ? UInt64((Double(total) - Double(min(done, total))) / rate) : 0
    let text =
      "\(name): \(done) of \(total) \(unit)\(words), \(Self.rounded(rate))/s, \(left) s left"
    if Output.isWatched { Output.progress(text) } else { Output.error(text) }
  }

  private static func rounded(_ rate: Double) -> String {
    rate >= 10 ? "\(UInt64(rate))" : "\((rate * 10).rounded() / 10)"
  }
}
