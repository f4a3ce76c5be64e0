public import ClusterCore

/// What happened to a key, as this member reads it.
public struct StoreChange: Hashable, Sendable {
  /// What became of the key.
  public enum Kind: Hashable, Sendable {
    /// It has this value now.
    case written([UInt8])
    /// It has no value any more.
    case deleted
    /// Its value's time to live ended.
    case expired
    /// All keys of the snapshot have been told; `key` is empty. What isn't among them doesn't exist.
    case snapshotEnd
  }

  /// The key.
  public let key: String
  /// What became of it.
  public let kind: Kind
  /// Which start of which member made the write.
  public let origin: Origin
  /// Whether several members had written the key without having seen each other.
  public let wasConflict: Bool
  /// Whether earlier changes of the key were left out, because the reader fell behind.
  public let isCoalesced: Bool
  /// Whether it is part of a snapshot, which ends with `.snapshotEnd`: the first change after
  /// `from: .after(token)` says so where the token was too old, or the reader had fallen too far
  /// behind. What was known before is void then.
  public let isSnapshot: Bool
  /// Where to go on after this change: `changes(prefix:from: .after(token))`.
  public let token: ChangeToken
}

/// A place in one member's stream of changes.
public struct ChangeToken: Hashable, Sendable {
  let boot: UInt64
  let number: UInt64

  init(boot: UInt64, number: UInt64) {
    self.boot = boot
    self.number = number
  }

  /// Reads what `text` wrote; none when it is something else.
  package init?(text: String) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2, let boot = UInt64(parts[0], radix: 16), let number = UInt64(parts[1])
    else { return nil }
    self.init(boot: boot, number: number)
  }

  /// The token as text.
  package var text: String { "\(String(boot, radix: 16))-\(number)" }
}

/// Where a stream of changes begins.
public enum ChangeStart: Hashable, Sendable {
  /// At the moment of the call.
  case now
  /// With all keys that are there, then a marker, then what happens.
  case snapshot
  /// After a change that was seen before. When that is too long ago (the member keeps the last 4,096
  /// changes at least, unless these have more than 16 MiB), or of another start of the member, it
  /// begins with a snapshot, whose changes say so.
  case after(ChangeToken)
}
