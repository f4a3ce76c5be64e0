/// A key of the store: 1 to `Limits.key` bytes of valid UTF-8, compared byte by byte.
///
/// `String` equality is not used: it takes canonically equivalent texts for equal, and members must
/// agree on bytes.
public struct Key: Hashable, Comparable, Sendable {
  /// The UTF-8 bytes.
  public let bytes: [UInt8]

  /// Creates a key from text.
  ///
  /// - Throws: `.keyEmpty` or `.keyTooLong`.
  public init(_ text: String) throws(StoreError) {
    let utf8 = text.utf8
    guard !utf8.isEmpty else { throw .keyEmpty }
    guard utf8.count <= Limits.key else {
      throw .keyTooLong(bytes: utf8.count, limit: Limits.key)
    }
    self.bytes = Array(utf8)
  }

  /// Creates a key from bytes of the network: none when they are empty, too many or no UTF-8.
  public init?(validating bytes: [UInt8]) {
    guard !bytes.isEmpty, bytes.count <= Limits.key,
      String(validating: bytes, as: UTF8.self) != nil
    else { return nil }
    self.bytes = bytes
  }

  /// The key as text.
  public var text: String { String(decoding: bytes, as: UTF8.self) }

  /// Orders keys by their bytes.
  public static func < (left: Key, right: Key) -> Bool {
    left.bytes.lexicographicallyPrecedes(right.bytes)
  }
}
