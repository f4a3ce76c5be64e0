/// What a descriptor that became ready belongs to: the meaning of a poller's tokens.
enum PollTarget: Hashable {
  /// The datagram socket at this place of the list.
  case datagrams(Int)
  /// The listener at this place of the list.
  case listener(Int)
  /// The stream of this number, living or lingering.
  case stream(UInt64)

  /// The bit that streams have and nothing else has.
  private static let streamBit = UInt64(1) << 63

  /// Reads a token.
  init(token: UInt64) {
    if token & Self.streamBit != 0 {
      self = .stream(token & ~Self.streamBit)
    } else {
      self = token & 1 == 0 ? .datagrams(Int(token >> 1)) : .listener(Int(token >> 1))
    }
  }

  /// The token that says this.
  var token: UInt64 {
    switch self {
    case .datagrams(let index): UInt64(index) << 1
    case .listener(let index): UInt64(index) << 1 | 1
    case .stream(let number): number | Self.streamBit
    }
  }
}
