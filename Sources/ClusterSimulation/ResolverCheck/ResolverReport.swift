public import ClusterCore

/// What a check of a resolver came to.
public struct ResolverReport: Sendable {
  /// The resolver's name.
  public let resolver: String
  /// How many conflicts it was asked about.
  public internal(set) var conflicts = 0
  /// The laws that it breaks, each with the smallest example found.
  public internal(set) var broken: [BrokenLaw] = []

  /// Whether a law held for every conflict.
  public func holds(_ law: ResolverLaw) -> Bool { !broken.contains { $0.law == law } }

  /// Throws when any of `laws` is broken.
  public func requirePassed(_ laws: [ResolverLaw] = ResolverLaw.usual) throws(ResolverFailure) {
    let found = broken.filter { laws.contains($0.law) }
    guard found.isEmpty else { throw ResolverFailure(resolver: resolver, broken: found) }
  }
}

extension ResolverReport: CustomStringConvertible {
  /// The laws that it keeps on one line, and each that it breaks on another.
  public var description: String {
    let kept = ResolverLaw.allCases.filter(holds).map(\.rawValue).joined(separator: ", ")
    let head = "\(resolver): asked about \(conflicts) conflicts\n  keeps \(kept)"
    return ([head] + broken.map { "  breaks \($0)" }).joined(separator: "\n")
  }
}

/// A law that a resolver breaks, with an example.
public struct BrokenLaw: Hashable, Sendable, CustomStringConvertible {
  /// Which law.
  public let law: ResolverLaw
  /// The smallest conflict found that shows it.
  public let conflict: Conflict
  /// What the resolver answered, and what stands against it.
  public let answers: [String]

  /// One line with the values.
  public var description: String {
    let values = conflict.candidates.map { BrokenLaw.text($0.value) }.joined(separator: ", ")
    return "\(law.rawValue): \(law.complaint); candidates \(values): "
      + answers.joined(separator: "; ")
  }

  /// A value as one would write it in Swift.
  static func text(_ value: [UInt8]?) -> String {
    guard let value else { return "a delete" }
    guard let text = String(validating: value, as: UTF8.self), value.allSatisfy({ $0 >= 0x20 })
    else {
      return ScenarioWord.bytes(value)
    }
    return "\"\(text)\""
  }
}

/// A resolver that breaks what was asked of it.
public struct ResolverFailure: Error, Hashable, Sendable, CustomStringConvertible {
  /// The resolver's name.
  public let resolver: String
  /// What it breaks.
  public let broken: [BrokenLaw]

  /// One line for each law.
  public var description: String {
    "resolver \(resolver):\n" + broken.map { "  \($0)" }.joined(separator: "\n")
  }
}
