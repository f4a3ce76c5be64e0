import ClusterCore

/// The rolling hash of everything that was told to every member, in order: two runs with one hash
/// did the same, byte by byte.
struct RunHash {
  /// The hash so far.
  private(set) var value: UInt64 = 0x243F_6A88_85A3_08D3

  /// Adds a number.
  mutating func combine(_ number: UInt64) {
    value = (value ^ number) &* 0x9E37_79B9_7F4A_7C15
    value ^= value >> 29
  }

  /// Adds bytes and their count, eight at a time.
  mutating func combine(_ bytes: [UInt8]) {
    combine(UInt64(bytes.count))
    bytes.forEachWord { combine($0) }
  }

  /// Adds an input to a member at a moment.
  mutating func combine(_ input: Input, to node: Int, at time: UInt64) {
    combine(time)
    combine(UInt64(node) << 8 | UInt64(input.code))
    switch input {
    case .datagramReceived(let bytes, let source):
      combine(source.low << 16 | UInt64(source.port))
      combine(bytes)
    case .frameReceived(let stream, let bytes):
      combine(stream.rawValue)
      combine(bytes)
    case .resolved(let ordinal, let addresses):
      combine(UInt64(ordinal))
      for address in addresses { combine(address.low) }
    case .streamConnected(let stream, let ordinal):
      combine(stream.rawValue)
      combine(UInt64(ordinal))
    case .connectFailed(let ordinal, let refused):
      combine(UInt64(ordinal) << 1 | (refused ? 1 : 0))
    case .streamAccepted(let stream), .streamWritable(let stream), .streamClosed(let stream):
      combine(stream.rawValue)
    case .appended(let number), .appendFailed(let number, _): combine(number)
    case .started, .woken, .commanded: break
    }
  }
}

extension Input {
  /// A number for each kind.
  var code: UInt8 {
    switch self {
    case .started: 1
    case .woken: 2
    case .datagramReceived: 3
    case .resolved: 4
    case .streamConnected: 5
    case .connectFailed: 6
    case .streamAccepted: 7
    case .frameReceived: 8
    case .streamWritable: 9
    case .streamClosed: 10
    case .commanded: 11
    case .appended: 12
    case .appendFailed: 13
    }
  }
}
