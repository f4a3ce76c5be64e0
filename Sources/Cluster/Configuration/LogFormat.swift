/// How a log line is written on standard error.
public enum LogFormat: String, Hashable, Sendable, CaseIterable {
  /// `ts=2026-11-22T20:58:00.123Z level=info node=app-0 msg="member is alive" peer=app-1`
  case logfmt
  /// One JSON object a line, with the same keys.
  case json
}

/// Writes log lines: always one line each, whatever the values hold.
package struct LogFormatter: Hashable, Sendable {
  /// The form of the lines.
  package var format: LogFormat
  /// The name of the member that writes them.
  package var member: String

  /// Creates a formatter.
  package init(format: LogFormat, member: String) {
    self.format = format
    self.member = member
  }

  /// One line, without its end. Metadata comes last, ordered by key.
  ///
  /// - Parameter wallMilliseconds: Milliseconds since 1970.
  package func line(
    _ level: LogLevel, _ message: String, _ metadata: [String: String], wallMilliseconds: UInt64
  ) -> String {
    let reserved = [
      ("ts", Self.timestamp(wallMilliseconds)), ("level", level.rawValue), ("node", member),
      ("msg", message),
    ]
    let pairs = reserved + metadata.sorted { $0.key < $1.key }.map { (Self.key($0.key), $0.value) }
    switch format {
    case .logfmt:
      return pairs.map { "\($0)=\(Self.bare($1))" }.joined(separator: " ")
    case .json:
      return "{"
        + pairs.map { "\"\($0)\":\(escaped($1, limit: Self.longest))" }
        .joined(separator: ",") + "}"
    }
  }

  /// The most characters of a value that are written.
  package static let longest = 2_000

  /// RFC 3339 in UTC with milliseconds.
  package static func timestamp(_ wallMilliseconds: UInt64) -> String {
    let (date, time) = wallMilliseconds.quotientAndRemainder(dividingBy: 86_400_000)
    let (year, month, day) = civil(daysSince1970: date)
    let seconds = time / 1_000
    return padded(year, 4) + "-" + padded(month, 2) + "-" + padded(day, 2) + "T"
      + padded(seconds / 3_600, 2) + ":" + padded(seconds / 60 % 60, 2) + ":"
      + padded(seconds % 60, 2) + "." + padded(time % 1_000, 3) + "Z"
  }

  /// The Gregorian date, counted in eras of 400 years from 1 March 0000 (Hinnant,
  /// "chrono-Compatible Low-Level Date Algorithms", 2013).
  private static func civil(daysSince1970: UInt64) -> (year: UInt64, month: UInt64, day: UInt64) {
    let days = daysSince1970 + 719_468
    let (era, dayOfEra) = days.quotientAndRemainder(dividingBy: 146_097)
    let yearOfEra =
      (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    return (era * 400 + yearOfEra + (month <= 2 ? 1 : 0), month, day)
  }

  private static func padded(_ number: UInt64, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
  }

  /// A value of logfmt: without quotes where no reader could misunderstand it.
  private static func bare(_ value: String) -> String {
    let plain = value.utf8.allSatisfy { byte in
      (0x21...0x7E).contains(byte) && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "=")
        && byte != UInt8(ascii: "\\")
    }
    return plain && !value.isEmpty && value.utf8.count <= longest
      ? value : escaped(value, limit: longest)
  }

  /// A key of either form: other characters than letters, digits, dots, dashes and underscores
  /// become underscores, and one appended keeps it apart from the keys that every line has.
  private static func key(_ key: String) -> String {
    let bytes = key.utf8.map { byte in
      HostSyntax.isLetterOrDigit(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
        ? byte : UInt8(ascii: "_")
    }
    let clean = bytes.isEmpty ? "_" : String(decoding: bytes, as: UTF8.self)
    return ["ts", "level", "node", "msg"].contains(clean) ? clean + "_" : clean
  }
}
