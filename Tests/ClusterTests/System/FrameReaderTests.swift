import ClusterCore
import Testing

@testable import Cluster

struct FrameReaderTests {
  @Test func `frames are the same however the stream is cut into two`() throws {
    let frames: [[UInt8]] = [[1], [], [2, 3, 4, 5, 6], [7, 8]]
    let stream = frames.flatMap { FrameReader.header(of: $0) + $0 }
    for cut in 0...stream.count {
      var reader = FrameReader()
      let read = try reader.take(Array(stream[..<cut])) + reader.take(Array(stream[cut...]))
      #expect(read == frames, "cut at \(cut)")
      #expect(reader.bufferedBytes == 0 && !reader.isInsideFrame)
    }
  }

  @Test func `an announced length takes no memory before its bytes come`() throws {
    var reader = FrameReader()
    #expect(try reader.take([0, 0x80, 0, 0]).isEmpty)
    #expect(reader.bufferedBytes == 0)
    #expect(reader.isInsideFrame)
    #expect(try reader.take([1, 2, 3]).isEmpty)
    #expect(reader.bufferedBytes == 3)
  }

  @Test func `the largest frame is one and a byte more is none`() throws {
    let largest = UInt32(Limits.frame)
    var reader = FrameReader()
    #expect(try reader.take(bytes(largest)).isEmpty)
    var other = FrameReader()
    #expect(throws: FrameReader.Oversize(length: Limits.frame + 1)) {
      try other.take(bytes(largest + 1))
    }
  }

  private func bytes(_ number: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
  }
}

extension FrameReader {
  /// The frames that the bytes finish.
  fileprivate mutating func take(_ bytes: [UInt8]) throws(Oversize) -> [[UInt8]] {
    var frames: [[UInt8]] = []
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
    defer { buffer.deallocate() }
    buffer.copyBytes(from: bytes)
    try read(UnsafeRawBufferPointer(buffer)) { frames.append($0) }
    return frames
  }
}
