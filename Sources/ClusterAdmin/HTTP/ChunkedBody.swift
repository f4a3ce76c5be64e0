/// Undoes the chunked transfer coding while its bytes arrive (RFC 9112 §7.1). Extensions and trailer
/// fields are checked and forgotten.
struct ChunkedBody: Sendable {
  /// What comes next. size → data → end of data → size …, and after a size of zero → trailer.
  private enum State: Sendable {
    /// The line with a chunk's size.
    case size
    /// So many bytes of a chunk, more than zero.
    case data(remaining: Int)
    /// The line end behind a chunk's data.
    case dataEnd
    /// Fields behind the last chunk, so many bytes in so many fields until now.
    case trailer(bytes: Int, fields: Int)
  }

  private let limits: HTTPLimits
  private var scanner = LineScanner()
  private var state = State.size

  init(limits: HTTPLimits) { self.limits = limits }

  /// Reads on from `position` of `buffer`, moves it behind what it has read and appends the data.
  ///
  /// - Returns: Whether the body is complete.
  mutating func read(
    _ buffer: [UInt8], from position: inout Int, into body: inout [UInt8]
  ) throws(Refusal) -> Bool {
    while true {
      switch state {
      case .size:
        guard let line = try line(buffer, &position, limit: limits.chunkLine) else { return false }
        let size = try Self.size(line, limit: limits.body - body.count, total: limits.body)
        state = size == 0 ? .trailer(bytes: 0, fields: 0) : .data(remaining: size)
      case .data(let remaining):
        let count = min(remaining, buffer.count - position)
        body.append(contentsOf: buffer[position..<(position + count)])
        position += count
        guard count == remaining else {
          state = .data(remaining: remaining - count)
          return false
        }
        state = .dataEnd
      case .dataEnd:
        guard let line = try line(buffer, &position, limit: 2) else { return false }
        guard line.isEmpty else { throw Self.malformed }
        state = .size
      case .trailer(let bytes, let fields):
        guard
          let line = try line(
            buffer, &position, limit: limits.fieldBytes - bytes + 2, tooLong: Self.largeTrailer)
        else { return false }
        if line.isEmpty { return true }
        _ = try RequestHead.field(line, at: 0)
        guard fields < limits.fields, bytes + line.count + 2 <= limits.fieldBytes else {
          throw Self.largeTrailer
        }
        state = .trailer(bytes: bytes + line.count + 2, fields: fields + 1)
      }
    }
  }

  private mutating func line(
    _ buffer: [UInt8], _ position: inout Int, limit: Int, tooLong: Refusal = Self.malformed
  ) throws(Refusal) -> ArraySlice<UInt8>? {
    switch try scanner.scan(buffer, from: position, limit: limit) {
    case .incomplete: return nil
    case .tooLong: throw tooLong
    case .line(let length):
      defer { position += length + 2 }
      return buffer[position..<(position + length)]
    }
  }

  private static let malformed = Refusal(.badRequest, "The chunked body is malformed.")
  private static let largeTrailer = Refusal(.fieldsTooLarge, "The trailer fields are too large.")

  /// A chunk's size: hexadecimal digits, perhaps followed by a semicolon and extensions.
  private static func size(
    _ line: ArraySlice<UInt8>, limit: Int, total: Int
  ) throws(Refusal) -> Int {
    let digits = line.prefix { $0.hexadecimalValue != nil }
    guard !digits.isEmpty,
      digits.endIndex == line.endIndex || line[digits.endIndex] == UInt8(ascii: ";")
    else { throw malformed }
    var size = 0
    for digit in digits {
      size = size << 4 | Int(digit.hexadecimalValue ?? 0)
      guard size <= limit else { throw .bodyTooLarge(total) }
    }
    return size
  }
}
