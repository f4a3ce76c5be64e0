/// How one member hears another, as far as it knows.
public enum Reach: Hashable, Sendable {
  /// It hasn't tried yet, or hasn't told.
  case unknown
  /// It hears nothing of it.
  case unheard
  /// It hears it, but gets no answers from it: one direction is cut.
  case oneWay
  /// It hears it and gets answers; the smoothed round trip, to about a tenth.
  case bothWays(roundTrip: Duration)
}

/// One member's row of the reachability matrix as it travels: a byte for each ordinal.
///
/// Zero is unknown, one unheard, two one-way; from three on it is a round trip as a logarithm, eight
/// steps to each power of two of a microsecond.
package struct ReachabilityRow: Hashable, Sendable {
  package var cells: [UInt8]
  /// Larger clusters don't tell each other their rows: N rows of N bytes at each of N members are no
  /// bounded load any more. Each member's own row can be seen at any size.
  package static let mostMembers = 128
  /// In clusters larger than this a row is told only if it has a bad link: an idle one says nothing.
  package static let mostUnasked = 32

  package init(cells: [UInt8]) { self.cells = cells }

  package static let (unknown, unheard, oneWay): (UInt8, UInt8, UInt8) = (0, 1, 2)

  /// The cell of a round trip.
  package static func cell(_ roundTrip: Span64) -> UInt8 {
    let microseconds = max(roundTrip.nanoseconds / 1_000, 1)
    let power = 63 - microseconds.leadingZeroBitCount
    let step =
      power >= 3 ? microseconds >> UInt64(power - 3) & 7 : microseconds << UInt64(3 - power) & 7
    return UInt8(min(255, 3 + 8 * UInt64(power) + step))
  }

  /// What a cell says.
  package static func reach(_ cell: UInt8) -> Reach {
    switch cell {
    case unknown: return .unknown
    case unheard: return .unheard
    case oneWay: return .oneWay
    default:
      let (power, step) = (UInt64(cell - 3) / 8, UInt64(cell - 3) % 8)
      let eighths = (8 + step) << power
      return .bothWays(roundTrip: .microseconds(Int64(max(eighths / 8, 1))))
    }
  }

  func encode(into writer: inout ByteWriter) { writer.write(cells) }

  static func decode(from reader: inout ByteReader) throws(DecodingFailure) -> ReachabilityRow {
    ReachabilityRow(cells: try reader.readBytes(atMost: mostMembers))
  }
}
