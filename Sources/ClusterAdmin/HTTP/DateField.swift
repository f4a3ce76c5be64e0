import Glibc
import Synchronization

/// The value of the `Date` field (RFC 9110 §5.6.7), made once a second.
final class DateField: Sendable {
  private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  private let latest = Mutex<(second: UInt64, value: FieldValue)>((.max, ""))

  private let wallMilliseconds: @Sendable () -> UInt64

  /// Creates the field of a clock that reads milliseconds since 1970.
  init(_ wallMilliseconds: @escaping @Sendable () -> UInt64) {
    self.wallMilliseconds = wallMilliseconds
  }

  /// The value now.
  var now: FieldValue {
    let second = wallMilliseconds() / 1_000
    return latest.withLock { latest in
      if latest.second != second { latest = (second, FieldValue(Self.text(second))) }
      return latest.value
    }
  }

  /// A moment in seconds since 1970, such as `Sun, 06 Nov 1994 08:49:37 GMT`.
  static func text(_ second: UInt64) -> String {
    var time = time_t(clamping: second)
    var parts = tm()
    gmtime_r(&time, &parts)
    let two = { (number: Int32) in number < 10 ? "0\(number)" : "\(number)" }
    let (weekday, month) = (Int(parts.tm_wday), Int(parts.tm_mon))
    guard weekdays.indices.contains(weekday), months.indices.contains(month) else { return "" }
    return "\(weekdays[weekday]), \(two(parts.tm_mday)) \(months[month]) \(1_900 + parts.tm_year) "
      + "\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec)) GMT"
  }
}
