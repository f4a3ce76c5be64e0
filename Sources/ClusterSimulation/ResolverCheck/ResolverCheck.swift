public import ClusterCore

/// Asks a conflict resolver about many small conflicts and names the laws that it breaks, each with the
/// smallest values that show it.
///
/// ```swift
/// @Test func cartResolverIsSound() throws {
///   let check = ResolverCheck(cartResolver, samples: ["", "book", "pen", "book,pen"])
///   try check.run().requirePassed(ResolverLaw.usual + [.idempotent, .absorbing])
/// }
/// ```
///
/// All pairs and triples of the samples are tried, the shortest first, so that the first example of a
/// broken law is the smallest. A check is the same each time; only a resolver that isn't
/// deterministic makes it differ.
public struct ResolverCheck: Sendable {
  /// What is checked.
  public let resolver: ConflictResolver
  /// The key of the conflicts: a resolver may go by it.
  public var key = "key"
  /// The values that are tried, shortest first; none stands for a delete.
  let values: [[UInt8]?]

  /// Prepares a check with values of the embedder's own kind, and deletes.
  ///
  /// - Parameters:
  ///   - resolver: What is checked.
  ///   - samples: Values as the resolver may meet them; a dozen is plenty, at most 32 are taken.
  ///     Without any, short texts of two letters and commas are tried.
  public init(_ resolver: ConflictResolver, samples: [[UInt8]] = []) {
    self.resolver = resolver
    let usual = ["", "a", "b", "aa", "ab", "ba", "a,b", "b,a", "abc"].map { Array($0.utf8) }
    var values: [[UInt8]] = []
    for value in samples.isEmpty ? usual : samples where !values.contains(value) {
      values.append(value)
    }
    let order = values.indices.sorted { (values[$0].count, $0) < (values[$1].count, $1) }
    self.values = order.prefix(32).map { .some(values[$0]) } + [nil]
  }

  /// The same with texts.
  public init(_ resolver: ConflictResolver, samples: [String]) {
    self.init(resolver, samples: samples.map { Array($0.utf8) })
  }

  /// Checks all laws.
  ///
  /// - Complexity: O(n³) calls of the resolver for n samples.
  public func run() -> ResolverReport {
    var desk = CheckingDesk(resolver: resolver, key: key)
    let pairs = tuples(of: 2)
    let triples = tuples(of: 3)
    for pair in pairs { desk.check(pair, against: values) }
    let few = short
    for triple in triples { desk.checkTriple(triple, against: few) }
    desk.checkSays()
    desk.checkMemory()
    var report = ResolverReport(resolver: resolver.name)
    report.conflicts = desk.conflicts
    report.broken = ResolverLaw.allCases.compactMap { law in
      desk.broken.first { $0.law == law }
    }
    return report
  }

  /// What triples are made of: the shortest values, and a delete.
  private var short: [[UInt8]?] { Array(values.dropLast().prefix(7)) + [nil] }

  /// All combinations of so many values, the shortest first. Deletes alone are no conflict.
  private func tuples(of count: Int) -> [[[UInt8]?]] {
    var tuples: [[[UInt8]?]] = [[]]
    let values = count > 2 ? short : self.values
    for _ in 0..<count { tuples = tuples.flatMap { tuple in values.map { tuple + [$0] } } }
    let sizes = tuples.map { tuple in tuple.reduce(0) { $0 + ($1?.count ?? 0) } }
    return tuples.indices.sorted { (sizes[$0], $0) < (sizes[$1], $1) }.map { tuples[$0] }
      .filter { tuple in tuple.contains { $0 != nil } }
  }
}
