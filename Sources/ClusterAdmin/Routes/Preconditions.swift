import ClusterCore

/// The conditions of a request on the entry that it is about (RFC 9110 §13).
///
/// They compare with what *this* member holds. They are no compare-and-swap of the cluster: another
/// member may write the same key at the same time, and then the conflict is resolved as always.
struct Preconditions {
  /// One of the two fields.
  private enum Tags {
    case any
    case list([ArraySlice<UInt8>])

    /// Whether an entry's tag, or any entry in case of a star, is meant.
    func matches(_ entry: AdministeredEntry?, weakly: Bool) -> Bool {
      guard let entry else { return false }
      switch self {
      case .any: return true
      case .list(let tags):
        let tag = EntityTag.text(of: entry)
        return tags.contains { candidate in
          candidate.elementsEqual(tag.utf8)
            || (weakly && candidate.starts(with: "W/".utf8)
              && candidate.dropFirst(2).elementsEqual(tag.utf8))
        }
      }
    }
  }

  private let ifMatch: Tags?
  private let ifNoneMatch: Tags?

  /// Reads the conditions of a request.
  init(_ fields: Fields) throws(ProblemDetails) {
    ifMatch = try Self.tags(fields.elements("if-match"), of: fields.values("if-match"))
    ifNoneMatch = try Self.tags(
      fields.elements("if-none-match"), of: fields.values("if-none-match"))
  }

  /// Whether a change may be made to an entry.
  func hold(for entry: AdministeredEntry?) -> Bool {
    if let ifMatch, !ifMatch.matches(entry, weakly: false) { return false }
    if let ifNoneMatch, ifNoneMatch.matches(entry, weakly: true) { return false }
    return true
  }

  /// Whether a reader already has what an entry holds.
  func isKnown(_ entry: AdministeredEntry) -> Bool {
    ifNoneMatch?.matches(entry, weakly: true) ?? false
  }

  private static func tags(
    _ elements: [ArraySlice<UInt8>], of values: [ArraySlice<UInt8>]
  ) throws(ProblemDetails) -> Tags? {
    if values.isEmpty { return nil }
    if elements.count == 1, elements[0].elementsEqual("*".utf8) { return .any }
    let quote = UInt8(ascii: "\"")
    let isWellFormed = elements.allSatisfy { element in
      let tag = element.starts(with: "W/".utf8) ? element.dropFirst(2) : element
      return tag.count >= 2 && tag.first == quote && tag.last == quote
        && !tag.dropFirst().dropLast().contains(quote)
    }
    guard isWellFormed, !elements.isEmpty else {
      throw ProblemDetails(.badRequest, "A condition must be * or a list of quoted tags.")
    }
    return .list(elements)
  }
}

/// The entity tag of an entry: a digest of its newest stamp and its bytes. The stamp alone would not
/// do, since a resolver may make another value of the same newest candidate when an older one arrives.
enum EntityTag {
  /// The tag with its quotes.
  static func text(of entry: AdministeredEntry) -> String {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in entry.value { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    let stamp = entry.stamp
    let digest = mix(hash, stamp.time, UInt64(truncatingIfNeeded: stamp.ordinal))
    return "\"\(String(digest, radix: 16))\""
  }
}
