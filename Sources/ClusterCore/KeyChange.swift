/// A register that changed, as the core saw it: before any resolver has looked at it.
public struct KeyChange: Hashable, Sendable {
  /// The key.
  public var key: Key
  /// The candidates that the register has now, oldest stamp first; none when it was forgotten.
  public var candidates: [Candidate]
  /// Which member's write caused the change; the writer's own for a local one.
  public var origin: Origin
  /// Why it changed.
  public var cause: Cause

  /// What made a register change.
  public enum Cause: Hashable, Sendable {
    /// An embedder wrote or deleted on this member.
    case local
    /// Another member's write arrived.
    case remote
    /// The value's time to live ended.
    case expired
    /// An operator let this side's store stand: the key was written anew as it was. What is read
    /// here hasn't changed.
    case recovery
  }

  /// Creates a description of a change.
  public init(key: Key, candidates: [Candidate], origin: Origin, cause: Cause) {
    self.key = key
    self.candidates = candidates
    self.origin = origin
    self.cause = cause
  }
}
