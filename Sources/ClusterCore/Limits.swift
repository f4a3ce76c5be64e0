/// The bounds of everything that can grow. Each is checked where the bytes come in.
public enum Limits {
  /// The most members a cluster can have: an ordinal fits the low half of a term's 16 bits.
  public static let members = 4_096
  /// The largest datagram on the wire, in bytes: it passes every common link unfragmented.
  public static let datagram = 1_200
  /// The largest packet inside a datagram, in bytes: what packet protection adds still fits.
  public static let packet = 1_152
  /// The largest frame on a stream, in bytes.
  public static let frame = 8 << 20
  /// The size at which a frame of bulk data is cut, in bytes.
  public static let bulkFrame = 128 << 10
  /// The size of the pieces in which a register travels that is larger than that, in bytes.
  public static let piece = 64 << 10
  /// The largest register that travels, in bytes: so many concurrent versions of the largest value.
  public static let register = 64 << 20
  /// The longest key, in bytes of UTF-8.
  public static let key = 512
  /// The longest value, in bytes.
  public static let value = 1 << 20
  /// The most keys of one kind that the preview of a manual recovery names.
  public static let pendingKeys = 4_096
  /// The most candidates that one register keeps, one per boot that wrote it.
  public static let candidates = 4_096
}
