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
  /// The member has just started: no peer has answered yet, and the join window is still open.
  case notReady
  /// The member has ended.
  case ended
}
