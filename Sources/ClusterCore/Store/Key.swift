/// A key of the store: 1 to `Limits.key` bytes of valid UTF-8, compared byte by byte.
///
/// `String` equality is not used: it takes canonically equivalent texts for equal, and members must
/// agree on bytes.
public struct Key: Hashable, Comparable, Sendable {
  /// The key as text. A text keeps up to 15 bytes within itself, where an array of bytes would be
  /// memory of its own.
  public private(set) var text: String

  /// Creates a key from text.
  ///
  /// - Throws: `.keyEmpty` or `.keyTooLong`.
  public init(_ text: String) throws(StoreError) {
    let length = text.utf8.count
    guard length > 0 else { throw .keyEmpty }
    guard length <= Limits.key else { throw .keyTooLong(bytes: length, limit: Limits.key) }
    self.text = text
    self.text.makeContiguousUTF8()
  }

  /// Creates a key from bytes of the network: none when they are empty, too many or no UTF-8.
  public init?(validating bytes: [UInt8]) {
    guard !bytes.isEmpty, bytes.count <= Limits.key,
      let text = String(validating: bytes, as: UTF8.self)
    else { return nil }
    self.text = text
  }

  /// The UTF-8 bytes, copied.
  public var bytes: [UInt8] { Array(text.utf8) }

  /// The UTF-8 bytes.
  package var utf8: String.UTF8View { text.utf8 }

  /// The same key in as little memory as it needs, which is what a table keeps.
  package var compacted: Key {
    var key = self
    key.text = String(decoding: text.utf8, as: UTF8.self)
    return key
  }

  /// Whether two keys have the same bytes.
  public static func == (left: Key, right: Key) -> Bool {
    left.text.utf8.span.hasSameBytes(as: right.text.utf8.span)
  }

  /// Feeds the text, whose hash is the same where the bytes are.
  public func hash(into hasher: inout Hasher) { hasher.combine(text) }

  /// Orders keys by their bytes.
  public static func < (left: Key, right: Key) -> Bool {
    left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
  }
}
