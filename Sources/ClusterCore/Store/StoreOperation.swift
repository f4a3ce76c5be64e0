/// One step of a local write.
public enum StoreOperation: Hashable, Sendable {
  /// Write a value; `expires`, in wall milliseconds since 1970, hides it from then on.
  case put(Key, [UInt8], expires: UInt64?)
  /// Delete a key, present or not: concurrent writes that this member hasn't seen are not covered.
  case delete(Key)

  /// The key that is written.
  package var key: Key {
    switch self {
    case .put(let key, _, _), .delete(let key): key
    }
  }
}
