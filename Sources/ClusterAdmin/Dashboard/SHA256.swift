/// SHA-256 (FIPS 180-4), for naming the page's own style and script in its security policy. Nothing
/// secret passes through it: what protects packets is the system's library, which need not be there.
enum SHA256 {
  /// The fractional parts of the cube roots of the first 64 primes, found as whole numbers.
  private static let constants: [UInt32] = primes(64).map { prime in
    // floor(cbrt(p) × 2³²): the largest x with x³ ≤ p × 2⁹⁶, searched bit by bit.
    var root: UInt128 = 0
    for bit in (0..<35).reversed() {
      let candidate = root | 1 << UInt128(bit)
      if candidate * candidate * candidate <= UInt128(prime) << 96 { root = candidate }
    }
    return UInt32(truncatingIfNeeded: root)
  }

  /// The fractional parts of the square roots of the first eight primes.
  private static let start: [UInt32] = primes(8).map { prime in
    var root: UInt128 = 0
    for bit in (0..<35).reversed() {
      let candidate = root | 1 << UInt128(bit)
      if candidate * candidate <= UInt128(prime) << 64 { root = candidate }
    }
    return UInt32(truncatingIfNeeded: root)
  }

  /// The digest, 32 bytes.
  static func digest(of message: [UInt8]) -> [UInt8] {
    var padded = message + [0x80]
    padded += Array(repeating: 0, count: (120 - padded.count % 64) % 64)
    let bits = UInt64(message.count) * 8
    for shift in stride(from: 56, through: 0, by: -8) {
      padded.append(UInt8(truncatingIfNeeded: bits >> UInt64(shift)))
    }
    var state = start
    for block in stride(from: 0, to: padded.count, by: 64) { mix(padded[block...], into: &state) }
    return state.flatMap { word in
      [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: word >> UInt32($0)) }
    }
  }

  private static func mix(_ block: ArraySlice<UInt8>, into state: inout [UInt32]) {
    var words = [UInt32](repeating: 0, count: 64)
    for index in 0..<16 {
      for byte in 0..<4 {
        words[index] = words[index] << 8 | UInt32(block[block.startIndex + index * 4 + byte])
      }
    }
    for index in 16..<64 {
      let (late, early) = (words[index - 2], words[index - 15])
      words[index] =
        words[index - 16] &+ words[index - 7]
        &+ (rotate(early, 7) ^ rotate(early, 18) ^ early >> 3)
        &+ (rotate(late, 17) ^ rotate(late, 19) ^ late >> 10)
    }
    var round = state
    for index in 0..<64 {
      let (a, e) = (round[0], round[4])
      let choice = (e & round[5]) ^ (~e & round[6])
      let majority = (a & round[1]) ^ (a & round[2]) ^ (round[1] & round[2])
      let first =
        round[7] &+ (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) &+ choice
        &+ constants[index] &+ words[index]
      let second = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) &+ majority
      round = [
        first &+ second, a, round[1], round[2], round[3] &+ first, e, round[5], round[6],
      ]
    }
    for index in 0..<8 { state[index] = state[index] &+ round[index] }
  }

  private static func rotate(_ word: UInt32, _ count: UInt32) -> UInt32 {
    word >> count | word << (32 - count)
  }

  private static func primes(_ count: Int) -> [Int] {
    var primes: [Int] = []
    var candidate = 2
    while primes.count < count {
      if primes.allSatisfy({ candidate % $0 != 0 }) { primes.append(candidate) }
      candidate += 1
    }
    return primes
  }
}
