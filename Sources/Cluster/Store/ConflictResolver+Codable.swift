public import ClusterCore

/// A conflict of values of one Codable type.
public struct TypedConflict<Value: Sendable>: Sendable {
  /// The key.
  public let key: String
  /// The concurrent versions in canonical order, oldest stamp first.
  public let candidates: [TypedCandidate<Value>]

  /// The values, oldest stamp first; deletes left out.
  public var values: [Value] { candidates.compactMap(\.value) }
}

/// One of several concurrent versions of a key, decoded.
public struct TypedCandidate<Value: Sendable>: Sendable {
  /// What was written; none when the write was a delete.
  public let value: Value?
  /// When it was written.
  public let stamp: Stamp
  /// Who wrote it.
  public let origin: Origin
}

/// What a typed resolver makes of a conflict.
public enum TypedResolution<Value: Sendable>: Sendable {
  /// This value is read.
  case value(Value)
  /// One of the candidates is read, as it was written.
  case keep(TypedCandidate<Value>)
  /// Nothing is read.
  case delete
}

/// Resolvers of values that are JSON, as `put(_:encoding:)` and spaces write them. Where a candidate
/// can't be decoded the resolver counts as having thrown: the last writer wins, and an event says so.
extension ConflictResolver {
  /// The closure decides what is read of values of a type.
  ///
  /// - Parameters:
  ///   - type: What the values are.
  ///   - name: Compared between members; change it when the closure's meaning changes.
  ///   - decide: Must be deterministic. What it throws is reported; the last writer wins then.
  public static func merging<Value: Codable & Sendable>(
    _ type: Value.Type, name: String = "custom(\(Value.self))",
    _ decide: @escaping @Sendable (TypedConflict<Value>) throws -> TypedResolution<Value>
  ) -> ConflictResolver {
    .merging(name: name) { conflict in
      let candidates = try conflict.candidates.map { candidate in
        TypedCandidate(
          value: try candidate.value.map { try StoreCoding.decode(type, from: $0) },
          stamp: candidate.stamp, origin: candidate.origin)
      }
      switch try decide(TypedConflict(key: conflict.key, candidates: candidates)) {
      case .value(let value): return .value(try StoreCoding.encode(value))
      case .delete: return .delete
      case .keep(let chosen):
        let match = conflict.candidates.last {
          $0.stamp == chosen.stamp && $0.origin == chosen.origin
        }
        return .keep(match ?? conflict.newest)
      }
    }
  }

  /// The value that is the largest by one of its parts is read; of equal ones the newest.
  ///
  /// It loses the other concurrent writes whole, also what is newer in their other parts. Deletes
  /// lose.
  public static func largest<Value: Codable & Sendable, Part: Comparable & Sendable>(
    by part: any KeyPath<Value, Part> & Sendable, name: String = "largest(\(Value.self))"
  ) -> ConflictResolver {
    extreme(name, part) { $0 >= $1 }
  }

  /// The value that is the smallest by one of its parts is read; of equal ones the newest.
  ///
  /// It loses the other concurrent writes whole. Deletes lose.
  public static func smallest<Value: Codable & Sendable, Part: Comparable & Sendable>(
    by part: any KeyPath<Value, Part> & Sendable, name: String = "smallest(\(Value.self))"
  ) -> ConflictResolver {
    extreme(name, part) { $0 <= $1 }
  }

  /// The union of sets is read, each value being a JSON array of distinct elements; the result is
  /// sorted.
  ///
  /// It loses removals: an element that one member took out, while another wrote the key, is back.
  /// A delete of the whole key loses as well.
  public static func union<Element: Codable & Hashable & Comparable & Sendable>(
    of element: Element.Type, name: String = "union(\(Element.self))"
  ) -> ConflictResolver {
    merging([Element].self, name: name) { conflict in
      guard !conflict.values.isEmpty else { return .delete }
      return .value(Set(conflict.values.joined()).sorted())
    }
  }

  private static func extreme<Value: Codable & Sendable, Part: Comparable & Sendable>(
    _ name: String, _ part: any KeyPath<Value, Part> & Sendable,
    _ wins: @escaping @Sendable (Part, Part) -> Bool
  ) -> ConflictResolver {
    merging(Value.self, name: name) { conflict in
      var best: TypedCandidate<Value>?
      for candidate in conflict.candidates {
        guard let value = candidate.value else { continue }
        if best?.value.map({ wins(value[keyPath: part], $0[keyPath: part]) }) ?? true {
          best = candidate
        }
      }
      return best.map { .keep($0) } ?? .delete
    }
  }
}
