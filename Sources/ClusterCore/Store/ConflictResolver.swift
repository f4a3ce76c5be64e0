/// Decides what is read of a key that was written concurrently.
///
/// A resolver is a view: it never takes part in the merge, so that the stored state converges whatever
/// it answers. It sees all candidates in one canonical order on every member, so that any
/// deterministic closure, associative or not, gives the same answer everywhere. It must not read
/// clocks, random numbers or changing state. The next write of the key replaces all candidates.
///
/// It is called outside every lock and only for true conflicts: never for a write that had seen the
/// one before it. When it throws, the last writer wins and an event says so.
public struct ConflictResolver: Sendable {
  /// The name that members compare, so that a difference during a rolling upgrade is noticed.
  public let name: String
  private let decide: @Sendable (Conflict) throws -> Resolution
  /// The resolver that decides of a key; none where this one decides of all.
  private let choose: (@Sendable (String) -> ConflictResolver)?
  /// Whether it is one of those here that look at stamps and deletes alone: whoever only counts keys
  /// may ask it. A closure of the embedder's may take long, and counts how often it is called.
  package let looksAtStampsOnly: Bool

  init(
    name: String, choose: (@Sendable (String) -> ConflictResolver)? = nil,
    looksAtStampsOnly: Bool = false,
    decide: @escaping @Sendable (Conflict) throws -> Resolution
  ) {
    self.name = name
    self.choose = choose
    self.looksAtStampsOnly = looksAtStampsOnly
    self.decide = decide
  }

  /// The candidate with the largest stamp is read. It loses the other concurrent writes.
  public static let lastWriterWins = ConflictResolver(
    name: "lastWriterWins", looksAtStampsOnly: true
  ) { .keep($0.newest) }

  /// The closure decides what is read.
  ///
  /// - Parameters:
  ///   - name: Compared between members; change it when the closure's meaning changes.
  ///   - decide: Must be deterministic. What it throws is reported; the last writer wins then.
  public static func merging(
    name: String = "custom", _ decide: @escaping @Sendable (Conflict) throws -> Resolution
  ) -> ConflictResolver {
    ConflictResolver(name: name, decide: decide)
  }

  /// The resolver of the longest prefix that the key begins with decides; the last writer wins where
  /// none fits. The empty prefix fits every key.
  public static func byPrefix(_ resolvers: [String: ConflictResolver]) -> ConflictResolver {
    let table = resolvers.keys.sorted { $0.utf8.count > $1.utf8.count }
      .map { (prefix: $0, resolver: resolvers[$0] ?? .lastWriterWins) }
    let names = resolvers.keys.sorted().map { "\($0)=\(resolvers[$0]?.name ?? "")" }
    let choose = { @Sendable (key: String) -> ConflictResolver in
      let match = table.first { key.utf8.starts(with: $0.prefix.utf8) }
      return match?.resolver.deciding(key) ?? .lastWriterWins
    }
    return ConflictResolver(
      name: "byPrefix(" + names.joined(separator: ",") + ")", choose: choose
    ) { try choose($0.key).resolve($0) }
  }

  /// The resolver that decides of a key in the end: this one, unless it goes by prefix.
  package func deciding(_ key: String) -> ConflictResolver { choose?(key) ?? self }

  /// What is read of a conflict.
  ///
  /// - Throws: Whatever the embedder's closure throws.
  public func resolve(_ conflict: Conflict) throws -> Resolution { try decide(conflict) }
}

/// Writes of one key of which none had seen another.
public struct Conflict: Hashable, Sendable {
  /// The key.
  public var key: String
  /// The concurrent versions in canonical order, oldest stamp first. At least one.
  public var candidates: [Candidate]

  /// Creates a conflict, for tests of a resolver; the candidates are put into canonical order.
  ///
  /// - Precondition: There is at least one candidate.
  public init(key: String, candidates: [Candidate]) {
    precondition(!candidates.isEmpty, "a conflict has at least one candidate")
    self.key = key
    self.candidates = candidates.sorted { ($0.stamp, $0.origin) < ($1.stamp, $1.origin) }
  }

  /// The candidate with the largest stamp.
  public var newest: Candidate { candidates[candidates.count - 1] }
  /// The candidate with the smallest stamp.
  public var oldest: Candidate { candidates[0] }
}

/// One of several concurrent versions of a key.
public struct Candidate: Hashable, Sendable {
  /// What was written; none when the write was a delete.
  public var value: [UInt8]?
  /// When it was written.
  public var stamp: Stamp
  /// Who wrote it.
  public var origin: Origin

  /// Creates a candidate.
  public init(value: [UInt8]?, stamp: Stamp, origin: Origin) {
    self.value = value
    self.stamp = stamp
    self.origin = origin
  }

  /// What was written as text, if it is valid UTF-8; none when the write was a delete.
  public var string: String? { value.flatMap { String(validating: $0, as: UTF8.self) } }
}

/// What a resolver makes of a conflict.
public enum Resolution: Hashable, Sendable {
  /// One of the candidates is read, as it is.
  case keep(Candidate)
  /// Something else is read.
  case value([UInt8])
  /// Nothing is read.
  case delete
}
