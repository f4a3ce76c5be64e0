/// A moment of one member's monotonic clock, in nanoseconds since an arbitrary start.
///
/// Instants of different members, or of different boots of one member, cannot be compared.
public struct Instant: Hashable, Comparable, Sendable {
  /// Nanoseconds since the clock's start.
  public var nanoseconds: UInt64

  /// Creates the moment `nanoseconds` after the clock's start.
  public init(nanoseconds: UInt64) { self.nanoseconds = nanoseconds }

  /// Whether one moment is before another.
  public static func < (left: Instant, right: Instant) -> Bool {
    left.nanoseconds < right.nanoseconds
  }

  /// The moment a span later; the far future, where the sum would overflow.
  public static func + (instant: Instant, span: Span64) -> Instant {
    let (sum, overflow) = instant.nanoseconds.addingReportingOverflow(span.nanoseconds)
    return Instant(nanoseconds: overflow ? .max : sum)
  }

  /// The span from `earlier` to this moment; zero when `earlier` is in fact later.
  public func since(_ earlier: Instant) -> Span64 {
    Span64(nanoseconds: nanoseconds > earlier.nanoseconds ? nanoseconds - earlier.nanoseconds : 0)
  }

  /// Never: later than every moment that comes.
  public static let distantFuture = Instant(nanoseconds: .max)
}

/// A span of time in whole nanoseconds, never negative.
///
/// The core counts in integers only, so that a run is the same on every machine. `Duration` is what
/// embedders use; it converts at the border.
public struct Span64: Hashable, Comparable, Sendable {
  /// The span's length.
  public var nanoseconds: UInt64

  /// Creates a span of so many nanoseconds.
  public init(nanoseconds: UInt64) { self.nanoseconds = nanoseconds }

  /// Creates the span nearest to `duration`: zero for negative ones, 584 years for longer ones.
  public init(_ duration: Duration) {
    let (seconds, attoseconds) = duration.components
    guard seconds >= 0, attoseconds >= 0 else {
      self.init(nanoseconds: 0)
      return
    }
    let (whole, overflow) = UInt64(seconds).multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, more) = whole.addingReportingOverflow(UInt64(attoseconds / 1_000_000_000))
    self.init(nanoseconds: overflow || more ? .max : sum)
  }

  /// The span as a `Duration`.
  public var duration: Duration {
    .seconds(Int64(nanoseconds / 1_000_000_000))
      + .nanoseconds(Int64(nanoseconds % 1_000_000_000))
  }

  /// Whether one span is shorter than another.
  public static func < (left: Span64, right: Span64) -> Bool {
    left.nanoseconds < right.nanoseconds
  }

  /// The sum of two spans, at most 584 years.
  public static func + (left: Span64, right: Span64) -> Span64 {
    let (sum, overflow) = left.nanoseconds.addingReportingOverflow(right.nanoseconds)
    return Span64(nanoseconds: overflow ? .max : sum)
  }

  /// The span `factor` times as long, at most 584 years.
  public static func * (span: Span64, factor: UInt64) -> Span64 {
    let (product, overflow) = span.nanoseconds.multipliedReportingOverflow(by: factor)
    return Span64(nanoseconds: overflow ? .max : product)
  }

  /// The span divided by a positive whole number, rounded down.
  public static func / (span: Span64, divisor: UInt64) -> Span64 {
    Span64(nanoseconds: span.nanoseconds / max(divisor, 1))
  }

  /// A span of so many microseconds.
  public static func microseconds(_ count: UInt64) -> Span64 {
    Span64(nanoseconds: 1_000) * count
  }

  /// A span of so many milliseconds.
  public static func milliseconds(_ count: UInt64) -> Span64 {
    Span64(nanoseconds: 1_000_000) * count
  }

  /// A span of so many seconds.
  public static func seconds(_ count: UInt64) -> Span64 {
    Span64(nanoseconds: 1_000_000_000) * count
  }

  /// No time at all.
  public static let zero = Span64(nanoseconds: 0)
}

/// What a member's two clocks read at one moment: the monotonic one, by which it judges ages and
/// deadlines, and the wall clock, which only orders concurrent writes and numbers boots and terms.
public struct Moment: Hashable, Sendable {
  /// The monotonic clock; it never goes back.
  public var instant: Instant
  /// Milliseconds since 1970 by the wall clock; it may jump.
  public var wallMilliseconds: UInt64

  /// Creates a reading of both clocks.
  public init(instant: Instant, wallMilliseconds: UInt64) {
    self.instant = instant
    self.wallMilliseconds = wallMilliseconds
  }
}
