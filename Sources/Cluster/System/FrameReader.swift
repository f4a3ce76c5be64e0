import ClusterCore

/// Cuts a stream's bytes into frames: four bytes of length, the larger first, then as many bytes.
///
/// A length is checked against `Limits.frame` before anything is kept for it, and memory grows with
/// the bytes that have come, never with those that were only announced.
struct FrameReader {
  /// The sender's fault: a frame longer than any may be. Nothing that follows can be read.
  struct Oversize: Error, Hashable {
    /// The length that was announced.
    var length: Int
  }

  private var header: UInt32 = 0
  private var headerBytes = 0
  private var body: [UInt8] = []
  /// How long the frame will be, once its header is whole.
  private var length: Int?

  /// How many bytes of an unfinished frame are kept.
  var bufferedBytes: Int { body.count }

  /// Whether a frame has begun and not ended.
  var isInsideFrame: Bool { headerBytes > 0 }

  /// Takes in bytes and hands out each frame that they finish.
  mutating func read(
    _ bytes: UnsafeRawBufferPointer, _ frame: ([UInt8]) -> Void
  ) throws(Oversize) {
    var rest = bytes[...]
    while true {
      guard let length = try readHeader(&rest) else { return }
      let part = rest.prefix(length - body.count)
      if body.isEmpty, part.count == length {
        frame([UInt8](part))
      } else {
        body.append(contentsOf: part)
        guard body.count == length else { return }
        frame(body)
        body = []
      }
      rest = rest.dropFirst(part.count)
      headerBytes = 0
      header = 0
      self.length = nil
    }
  }

  /// The frame's length; nil as long as the header isn't whole.
  private mutating func readHeader(
    _ rest: inout Slice<UnsafeRawBufferPointer>
  ) throws(Oversize) -> Int? {
    if let length { return length }
    while headerBytes < 4 {
      guard let byte = rest.popFirst() else { return nil }
      header = header << 8 | UInt32(byte)
      headerBytes += 1
    }
    guard header <= UInt32(Limits.frame) else { throw Oversize(length: Int(header)) }
    length = Int(header)
    return length
  }

  /// The header of a frame.
  static func header(of frame: [UInt8]) -> [UInt8] {
    let length = UInt32(frame.count)
    return [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: length >> $0) }
  }
}
