/// A register that changed, as the core saw it: before any resolver has looked at it.
public struct KeyChange: Hashable, Sendable {
  /// The key.
  public var key: Key
  /// The candidates that the register has now, oldest stamp first; none when it was forgotten.
  public var candidates: [Candidate] {
    get {
      switch offered {
      case .one(let candidate): [candidate]
      case .many(let candidates): candidates
      }
    }
    set { offered = Offered(newValue) }
  }
  /// Which member's write caused the change; the writer's own for a local one.
  public var origin: Origin
  /// Why it changed.
  public var cause: Cause
  /// The candidates: one alone, as almost always, takes no memory of its own.
  private var offered: Offered

  private enum Offered: Hashable, Sendable {
    case one(Candidate)
    case many([Candidate])

    init(_ candidates: [Candidate]) {
      self = if candidates.count == 1 { .one(candidates[0]) } else { .many(candidates) }
    }
  }

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
    self.offered = Offered(candidates)
    self.origin = origin
    self.cause = cause
  }

  /// Creates a description of a change after which there is one candidate.
  package init(key: Key, only candidate: Candidate, origin: Origin, cause: Cause) {
    self.key = key
    self.offered = .one(candidate)
    self.origin = origin
    self.cause = cause
  }

  /// How many candidates there are: more than one is a conflict.
  package var candidateCount: Int {
    switch offered {
    case .one: 1
    case .many(let candidates): candidates.count
    }
  }

  /// The only candidate, where there is one.
  package var only: Candidate? {
    if case .one(let candidate) = offered { candidate } else { nil }
  }

  /// The bytes of the candidates' values.
  package var valueBytes: Int {
    switch offered {
    case .one(let candidate): candidate.value?.count ?? 0
    case .many(let candidates): candidates.reduce(0) { $0 + ($1.value?.count ?? 0) }
    }
  }
}
