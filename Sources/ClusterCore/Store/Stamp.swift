/// When a write was made, by a hybrid logical clock (Kulkarni and others, 2014): milliseconds since
/// 1970 in the upper 48 bits, a counter in the lower 16, and the writer's ordinal to break ties.
///
/// A stamp orders concurrent writes only. Writes that had seen one another are ordered by their causal
/// contexts, whatever the clocks said.
public struct Stamp: Hashable, Comparable, Sendable {
  /// Time and counter as one number.
  public var time: UInt64
  /// The ordinal of the member that wrote.
  public var ordinal: Int

  /// Creates a stamp.
  public init(time: UInt64, ordinal: Int) {
    self.time = time
    self.ordinal = ordinal
  }

  /// The wall clock's part, in milliseconds since 1970.
  public var milliseconds: UInt64 { time >> 16 }

  /// Whether one write is taken for the earlier one.
  public static func < (left: Stamp, right: Stamp) -> Bool {
    (left.time, left.ordinal) < (right.time, right.ordinal)
  }
}

/// Which start of which member made a write.
public struct Origin: Hashable, Comparable, Sendable {
  /// The writer's ordinal.
  public var ordinal: Int
  /// The writer's boot.
  public var boot: UInt64

  /// Creates an origin.
  public init(ordinal: Int, boot: UInt64) {
    self.ordinal = ordinal
    self.boot = boot
  }

  /// Orders origins by ordinal, then boot.
  public static func < (left: Origin, right: Origin) -> Bool {
    (left.ordinal, left.boot) < (right.ordinal, right.boot)
  }
}
