import ClusterCore

/// How one direction of the network between two members behaves.
///
/// A link keeps the order of datagrams, except for those that `reorder` picks: they take longer and
/// are overtaken. Streams feel latency and bandwidth only; what a stream loses it sends again.
public struct Link: Hashable, Sendable {
  /// How long a datagram is under way.
  public var latency: Latency
  /// How many datagrams are lost.
  public var loss: Ratio
  /// How many datagrams arrive twice, the copy later.
  public var duplicate: Ratio
  /// How many datagrams are delayed further and overtaken by later ones.
  public var reorder: Ratio
  /// How many datagrams arrive with one to four bits flipped.
  public var corrupt: Ratio
  /// How many bytes a second a stream carries.
  public var bytesPerSecond: UInt64

  /// Creates a link. Without arguments: a quiet local network.
  public init(
    latency: Latency = .uniform(.microseconds(200), .microseconds(600)), loss: Ratio = .zero,
    duplicate: Ratio = .zero, reorder: Ratio = .zero, corrupt: Ratio = .zero,
    bytesPerSecond: UInt64 = 125_000_000
  ) {
    self.latency = latency
    self.loss = loss
    self.duplicate = duplicate
    self.reorder = reorder
    self.corrupt = corrupt
    self.bytesPerSecond = max(bytesPerSecond, 1)
  }
}

/// A probability as a ratio of whole numbers, so that a run is the same on every machine.
public struct Ratio: Hashable, Sendable {
  /// How many of `denominator`.
  public let numerator: UInt64
  /// Out of how many.
  public let denominator: UInt64

  /// Creates a ratio; one above 1 counts as 1.
  ///
  /// - Precondition: The denominator is not zero.
  public init(_ numerator: UInt64, in denominator: UInt64) {
    precondition(denominator > 0, "a ratio's denominator is at least 1")
    self.numerator = min(numerator, denominator)
    self.denominator = denominator
  }

  /// So many in a hundred.
  public static func percent(_ count: UInt64) -> Ratio { Ratio(count, in: 100) }

  /// Never.
  public static let zero = Ratio(0, in: 1)

  /// Whether it is zero.
  public var isZero: Bool { numerator == 0 }

  /// Whether it is at most so many in a hundred.
  func isAtMost(percent: UInt64) -> Bool { numerator * 100 <= percent * denominator }

  /// Draws. Nothing is drawn for zero, so that a fault that is switched off shifts no other draw.
  func happens(_ random: inout Randomness) -> Bool {
    numerator > 0 && random.chance(numerator, in: denominator)
  }
}

/// The distribution of a link's delays.
public enum Latency: Hashable, Sendable {
  /// Always the same.
  case constant(Duration)
  /// Anything between two delays, all equally likely.
  case uniform(Duration, Duration)
  /// `minimum` plus an exponentially distributed part, so that the whole has the mean `mean`. The
  /// longest delay is about 7.6 times the mean.
  case exponential(mean: Duration, minimum: Duration = .zero)

  /// The distribution's mean in nanoseconds.
  var mean: UInt64 {
    switch self {
    case .constant(let delay): Span64(delay).nanoseconds
    case .uniform(let low, let high): (Span64(low).nanoseconds + Span64(high).nanoseconds) / 2
    case .exponential(let mean, _): Span64(mean).nanoseconds
    }
  }

  /// One delay in nanoseconds.
  func draw(_ random: inout Randomness) -> UInt64 {
    switch self {
    case .constant(let delay):
      return Span64(delay).nanoseconds
    case .uniform(let low, let high):
      let (low, high) = (Span64(low).nanoseconds, Span64(high).nanoseconds)
      return low + random.below(high > low ? high - low + 1 : 1)
    case .exponential(let mean, let minimum):
      let minimum = Span64(minimum).nanoseconds
      let rest = max(Span64(mean).nanoseconds, minimum) - minimum
      return minimum + ExponentialTable.scaled(rest, &random)
    }
  }
}
