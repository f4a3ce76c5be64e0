import CClusterLinux

/// Bytes that wait for a stream to take them, in chunks, so that a large frame is moved once.
struct OutputBuffer {
  /// Up to this size, small pieces are put together: one system call for many of them.
  private static let chunkSize = 64 << 10

  private var chunks: [[UInt8]] = []
  /// The first chunk that hasn't left whole, and how much of it has.
  private var head = 0
  private var offset = 0

  /// How many bytes wait.
  private(set) var count = 0

  /// Whether none waits.
  var isEmpty: Bool { count == 0 }

  /// Adds bytes at the end.
  mutating func append(_ bytes: [UInt8]) {
    guard !bytes.isEmpty else { return }
    count += bytes.count
    if let last = chunks.indices.last, last >= head,
      chunks[last].count + bytes.count <= Self.chunkSize
    {
      chunks[last].append(contentsOf: bytes)
    } else {
      chunks.append(bytes)
    }
  }

  /// Gives a socket what it takes now, at most `limit` bytes: done with the bytes that left,
  /// would-block when not all did, or the error.
  mutating func write(to socket: borrowing FileDescriptor, limit: Int = .max) -> SystemCall {
    let number = socket.number
    var total = 0
    while count > 0, total < limit {
      let result = chunks[head].withUnsafeBytes { bytes in
        let rest = UnsafeRawBufferPointer(rebasing: bytes[offset...])
        return SystemCall { cluster_send(number, rest.baseAddress, rest.count) }
      }
      guard case .done(let sent) = result else { return result }
      total += sent
      advance(by: sent)
    }
    return .done(total)
  }

  private mutating func advance(by sent: Int) {
    count -= sent
    offset += sent
    guard offset == chunks[head].count else { return }
    // The chunk's memory goes now, its place in the array when there are many such.
    chunks[head] = []
    head += 1
    offset = 0
    if head == chunks.count {
      chunks.removeAll(keepingCapacity: true)
      head = 0
    } else if head >= 64 {
      chunks.removeFirst(head)
      head = 0
    }
  }
}
