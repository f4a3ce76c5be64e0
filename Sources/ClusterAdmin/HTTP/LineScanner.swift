/// Finds the end of a line while its bytes arrive, looking at each byte once.
///
/// A line ends with CR LF and with nothing else. Programs that disagree about what ends a line can be
/// made to disagree about where a request ends, so a bare LF, a bare CR and every other control
/// character but the tab is refused where it stands (RFC 9112 §2.2, §11.2).
struct LineScanner: Sendable {
  /// What was found.
  enum Outcome {
    /// A line of so many bytes without its end.
    case line(length: Int)
    /// No end yet.
    case incomplete
    /// The line with its end has more bytes than it may have.
    case tooLong
  }

  private var scanned = 0
  private var endsWithCR = false

  /// Looks for the end of the line that begins at `start` of `bytes`.
  ///
  /// - Throws: A 400 for a character that doesn't belong there.
  mutating func scan(
    _ bytes: [UInt8], from start: Int, limit: Int
  ) throws(Refusal) -> Outcome {
    let span = bytes.span
    var index = start + scanned
    while index < span.count {
      let byte = span[index]
      if index - start >= limit { return .tooLong }
      if byte < 0x20 || byte == 0x7F || endsWithCR {
        switch byte {
        case 0x0A where endsWithCR:
          self = LineScanner()
          return .line(length: index - 1 - start)
        case 0x0D where !endsWithCR: endsWithCR = true
        case 0x09 where !endsWithCR: break
        default:
          throw Refusal(
            .badRequest,
            endsWithCR || byte == 0x0A
              ? "A line must end with CR LF."
              : "A control character does not belong into a request's head.")
        }
      }
      index += 1
    }
    scanned = index - start
    return .incomplete
  }
}
