/// A seeded generator of pseudo-random numbers: xoshiro256** (Blackman and Vigna, 2018), seeded by
/// SplitMix64. The same seed gives the same numbers on every machine and with every compiler, which
/// the standard library does not promise of its own generators and shuffles.
public struct Randomness: Hashable, Sendable {
  private var s0: UInt64
  private var s1: UInt64
  private var s2: UInt64
  private var s3: UInt64

  /// Creates a generator from a seed.
  public init(seed: UInt64) {
    var mixer = seed
    func next() -> UInt64 {
      mixer &+= 0x9E37_79B9_7F4A_7C15
      return mix(mixer)
    }
    (s0, s1, s2, s3) = (next(), next(), next(), next())
  }

  /// The next 64 bits.
  public mutating func next() -> UInt64 {
    let result = Self.rotate(s1 &* 5, 7) &* 9
    let shifted = s1 << 17
    s2 ^= s0
    s3 ^= s1
    s1 ^= s2
    s0 ^= s3
    s2 ^= shifted
    s3 = Self.rotate(s3, 45)
    return result
  }

  /// A number from zero up to, not including, `bound`; zero when `bound` is zero. Without bias
  /// (Lemire 2019: multiply high, reject the short interval).
  public mutating func below(_ bound: UInt64) -> UInt64 {
    guard bound > 1 else { return 0 }
    let threshold = (0 &- bound) % bound
    while true {
      let (high, low) = next().multipliedFullWidth(by: bound)
      if low >= threshold { return high }
    }
  }

  /// Whether an event of probability `numerator`/`denominator` happens.
  public mutating func chance(_ numerator: UInt64, in denominator: UInt64) -> Bool {
    below(denominator) < numerator
  }

  /// Puts the elements into a random order (Fisher and Yates).
  public mutating func shuffle<Element>(_ elements: inout [Element]) {
    guard elements.count > 1 else { return }
    for index in stride(from: elements.count - 1, to: 0, by: -1) {
      elements.swapAt(index, Int(below(UInt64(index + 1))))
    }
  }

  private static func rotate(_ value: UInt64, _ count: UInt64) -> UInt64 {
    (value << count) | (value >> (64 - count))
  }
}

/// Mixes 64 bits so that each of them changes about half of the others (SplitMix64's finaliser,
/// Steele and others, 2014).
public func mix(_ value: UInt64) -> UInt64 {
  var z = value
  z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
  z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
  return z ^ (z >> 31)
}

/// Mixes two numbers, in order, into one.
public func mix(_ first: UInt64, _ second: UInt64) -> UInt64 {
  mix(mix(first &+ 0x9E37_79B9_7F4A_7C15) ^ mix(second &+ 0x9E37_79B9_7F4A_7C15))
}

/// Mixes three numbers, in order, into one.
public func mix(_ first: UInt64, _ second: UInt64, _ third: UInt64) -> UInt64 {
  mix(mix(first, second) ^ mix(third &+ 0x9E37_79B9_7F4A_7C15))
}

/// Mixes four numbers, in order, into one.
public func mix(_ first: UInt64, _ second: UInt64, _ third: UInt64, _ fourth: UInt64) -> UInt64 {
  mix(mix(first, second, third) ^ mix(fourth &+ 0x9E37_79B9_7F4A_7C15))
}
