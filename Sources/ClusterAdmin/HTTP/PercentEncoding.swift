/// Percent-encoding (RFC 3986 §2.1), undone exactly once: `%2561` is `%61`, never `a`.
package enum PercentEncoding {
  /// Undoes the encoding; none when a percent sign isn't followed by two hexadecimal digits.
  package static func decoded(_ bytes: ArraySlice<UInt8>, plusIsSpace: Bool = false) -> [UInt8]? {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var index = bytes.startIndex
    while index < bytes.endIndex {
      let byte = bytes[index]
      if byte == UInt8(ascii: "%") {
        guard bytes.endIndex - index > 2, let high = bytes[index + 1].hexadecimalValue,
          let low = bytes[index + 2].hexadecimalValue
        else { return nil }
        result.append(high << 4 | low)
        index += 3
      } else {
        result.append(plusIsSpace && byte == UInt8(ascii: "+") ? 0x20 : byte)
        index += 1
      }
    }
    return result
  }

  /// Encodes everything that isn't unreserved (RFC 3986 §2.3), so that it can stand anywhere.
  package static func encoded(_ bytes: [UInt8]) -> String {
    var result: [UInt8] = []
    for byte in bytes {
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: result.append(byte)
      default:
        result += [
          UInt8(ascii: "%"), hexadecimalDigit(byte >> 4), hexadecimalDigit(byte & 0xF),
        ]
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// The segments of a path between its slashes, each decoded; none when one cannot be. A slash that
  /// was encoded stays inside its segment.
  package static func segments(ofPath path: [UInt8]) -> [[UInt8]]? {
    guard path.first == UInt8(ascii: "/") else { return nil }
    if path.count == 1 { return [] }
    var segments: [[UInt8]] = []
    for part in path.dropFirst()
      .split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    {
      guard let segment = decoded(part) else { return nil }
      segments.append(segment)
    }
    return segments
  }
}
