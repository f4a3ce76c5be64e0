/// How many members must have a write before its caller goes on.
///
/// A write is always local first, and on its way to everyone when it is made; a concern only says how
/// long its caller waits. It is no transaction: a write whose concern was not reached stays, and
/// reaches the others when it can. What is counted is fixed, so that a partition can't make a majority
/// of two: the expected members, not the ones that are live.
public enum WriteConcern: Hashable, Sendable {
  /// This member. The default; nothing is waited for.
  case local
  /// So many members, this one among them.
  case count(Int)
  /// More than half of the expected members, this one among them.
  case majority
  /// Every expected member.
  case all

  /// How many members are meant, of so many expected ones.
  public func required(of size: Int) -> Int {
    switch self {
    case .local: 1
    case .count(let count): count
    case .majority: size / 2 + 1
    case .all: size
    }
  }
}

/// Who has a write.
///
/// A member has it when it said that it knows it: it holds the write, or another one that had seen it
/// and took its place.
public struct WriteReceipt: Hashable, Sendable {
  /// The members that have it, this one among them, by ordinal.
  public var holders: [Member]
  /// The other expected members, of which it isn't known, by ordinal.
  public var missing: [Member]
  /// How many were asked for.
  public var required: Int

  /// Creates a receipt.
  public init(holders: [Member], missing: [Member], required: Int) {
    self.holders = holders
    self.missing = missing
    self.required = required
  }

  /// Whether as many members have it as were asked for.
  public var isReached: Bool { holders.count >= required }
}

/// What a member that sees no majority of the expected members does with its store.
///
/// The majority is that of the fixed number of expected members: never more than one side of a
/// partition has it. The view follows a cut by the time that failure detection takes (some seconds);
/// until then a minority still writes. It is a fence against hours of divergence, no consensus.
public enum MinorityPolicy: String, Hashable, Sendable, CaseIterable {
  /// It goes on reading and writing; what diverges is merged afterwards. The default.
  case readWrite
  /// It refuses local writes.
  case readOnly
  /// It refuses local writes, and reads find nothing.
  case unavailable
}

/// A write that somebody waits for.
struct AwaitedWrite: Hashable, Sendable {
  /// The number that the driver gave it.
  var token: UInt64
  /// The local dots that it made, ascending.
  var sequences: [UInt64]
  var required: Int
  var deadline: Instant
}
