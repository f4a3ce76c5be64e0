/// Why bytes of the network were refused. The sender is to blame; the member's state never changed.
package enum DecodingFailure: Error, Hashable, Sendable {
  /// The bytes end before the item does.
  case truncated
  /// Bytes are left after the last item.
  case trailingBytes
  /// It isn't a packet of this protocol.
  case notOurs
  /// The protocol version isn't one that this build speaks.
  case version(UInt8)
  /// The bytes were damaged on their way.
  case checksum
  /// A number outside its bounds.
  case outOfRange
  /// A key that is empty, too long or no UTF-8, or a value that is too long.
  case invalidEntry
}
