/// Why a local write was refused. Nothing was changed.
public enum StoreError: Error, Hashable, Sendable {
  /// The key has more than `Limits.key` bytes of UTF-8, or none.
  case keyTooLong(bytes: Int, limit: Int)
  /// The key is empty.
  case keyEmpty
  /// The value has more than `Limits.value` bytes.
  case valueTooLarge(bytes: Int, limit: Int)
  /// The store's byte budget, here or on a member that said so, is used up.
  case full(bytes: Int, limit: Int)
  /// The member has just started: no peer has answered yet, and the join window is still open; or its
  /// disk is older than what it had told others, and what is on it may be all there is of a write that
  /// a newer one must have seen; or a newer boot of its ordinal was heard of.
  case notReady
  /// The member sees too few of the expected members, and its minority policy forbids it.
  case minority(live: Int, size: Int)
  /// A write concern asks for fewer than one or more than all of the expected members.
  case impossibleConcern(count: Int, size: Int)
  /// Too many callers wait for the others already.
  case tooManyWaiting(limit: Int)
  /// The member has ended.
  case ended
}

extension StoreError: CustomStringConvertible {
  /// What was wrong, and what would be right, in a line.
  public var description: String {
    switch self {
    case .keyTooLong(let bytes, let limit):
      "the key has \(bytes) bytes of UTF-8: at most \(limit) are accepted"
    case .keyEmpty: "the key is empty: 1 to \(Limits.key) bytes of UTF-8 are accepted"
    case .valueTooLarge(let bytes, let limit):
      "the value has \(bytes) bytes: at most \(limit) are accepted"
    case .full(let bytes, let limit):
      "the store would hold \(bytes) bytes of \(limit), here or on another member: delete first"
    case .notReady: "the member is still joining, or learns its store anew: await ready() first"
    case .minority(let live, let size):
      "this member sees \(live) of \(size) expected members: its policy wants more than half"
    case .impossibleConcern(let count, let size):
      "\(count) members can't have a write of a cluster of \(size): 1 to \(size) are accepted"
    case .tooManyWaiting(let limit): "\(limit) writes wait for other members already"
    case .ended: "the member has ended"
    }
  }
}
