import Glibc

/// Keys, values and clocks of all measurements: 100,000 keys of 12 bytes, values of 100.
enum Workload {
  static let keys = 100_000
  static let valueBytes = 100

  static let names: [String] = (0..<keys).map { number in
    let digits = String(number)
    return "key:" + String(repeating: "0", count: 8 - digits.count) + digits
  }

  /// Bytes that no compressor would shorten.
  static func value(_ seed: UInt64) -> [UInt8] {
    var generator = Generator(state: seed)
    return (0..<valueBytes).map { _ in UInt8(truncatingIfNeeded: generator.next() >> 32) }
  }

  /// A value that says when it was written.
  static func stamped(_ padding: [UInt8]) -> [UInt8] {
    var value = padding
    let now = wallNanoseconds()
    for index in 0..<8 { value[index] = UInt8(truncatingIfNeeded: now >> UInt64(56 - 8 * index)) }
    return value
  }

  /// When a stamped value was written.
  static func stamp(of value: [UInt8]) -> UInt64 {
    value.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// Keys to use, drawn before the clock starts.
  static func draw(_ count: Int, seed: UInt64) -> [String] {
    var generator = Generator(state: seed)
    return (0..<count).map { _ in names[Int(generator.next() >> 33) % keys] }
  }

  static func wallNanoseconds() -> UInt64 { nanoseconds(CLOCK_REALTIME) }
  static func nanoseconds() -> UInt64 { nanoseconds(CLOCK_MONOTONIC) }
  /// What the whole process has had of the processors.
  static func processorNanoseconds() -> UInt64 { nanoseconds(CLOCK_PROCESS_CPUTIME_ID) }

  private static func nanoseconds(_ clock: clockid_t) -> UInt64 {
    var now = timespec()
    clock_gettime(clock, &now)
    return UInt64(now.tv_sec) * 1_000_000_000 + UInt64(now.tv_nsec)
  }

  /// SplitMix64.
  struct Generator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
  }
}
