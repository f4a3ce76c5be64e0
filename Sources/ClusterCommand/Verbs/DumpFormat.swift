import Cluster
import FoundationEssentials

/// A portable dump of a store: JSON lines (RFC 8259, one object a line, UTF-8).
///
///     {"format":"cluster-dump","version":1,"prefix":"orders/"}
///     {"key":"orders/1","value":"a text"}
///     {"key":"orders/2","base64":"/wA=","expires":1700000000000}
///     {"end":2}
///
/// `base64` stands in place of `value` where a value isn't UTF-8. `expires` is the moment at which the
/// value ends, in milliseconds since 1970. The last line counts the keys: a dump without it is cut
/// off. Keys come in the order of their bytes.
enum DumpFormat {
  static let name = "cluster-dump"
  static let version = 1

  /// One line of a dump, whichever.
  struct Line: Codable, Equatable {
    var format: String?
    var version: Int?
    var prefix: String?
    var key: String?
    var value: String?
    var base64: String?
    var expires: UInt64?
    var end: Int?
  }

  /// What is wrong with a dump, and where.
  struct Failure: Error, Equatable, CustomStringConvertible {
    var line: Int
    var problem: String
    var description: String { "line \(line): \(problem)" }
  }

  /// A key with its value.
  struct Entry: Equatable {
    var key: String
    var value: [UInt8]
    var expires: UInt64?
  }

  static func header(prefix: String) -> [UInt8] {
    encoded(Line(format: name, version: version, prefix: prefix))
  }

  static func line(_ entry: Entry) -> [UInt8] {
    var line = Line(key: entry.key, expires: entry.expires)
    if let text = String(validating: entry.value, as: UTF8.self) {
      line.value = text
    } else {
      line.base64 = Data(entry.value).base64EncodedString()
    }
    return encoded(line)
  }

  static func end(_ count: Int) -> [UInt8] { encoded(Line(end: count)) }

  private static func encoded(_ line: Line) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(line) else { return [] }
    return Array(data) + [UInt8(ascii: "\n")]
  }

  /// Reads a whole dump. Nothing of one that is wrong anywhere, or cut off, is returned.
  static func entries(of bytes: [UInt8]) throws(Failure) -> [Entry] {
    var entries: [Entry] = []
    var hasEnded = false
    var number = 0
    for text in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      number += 1
      guard text.contains(where: { $0 != 0x20 && $0 != 0x0D }) else { continue }
      guard !hasEnded else { throw Failure(line: number, problem: "more comes after its end") }
      guard let line = try? JSONDecoder().decode(Line.self, from: Data(text)) else {
        throw Failure(line: number, problem: "is no JSON object of a dump")
      }
      if number == 1 {
        guard line.format == name else {
          throw Failure(line: number, problem: "\"format\" must be \"\(name)\"")
        }
        guard line.version == version else {
          throw Failure(line: number, problem: "\"version\" must be \(version)")
        }
        continue
      }
      if let count = line.end {
        guard count == entries.count else {
          throw Failure(
            line: number, problem: "counts \(count) keys, and there are \(entries.count)")
        }
        hasEnded = true
        continue
      }
      entries.append(try entry(line, number))
    }
    guard hasEnded else {
      throw Failure(line: number, problem: "the dump is cut off: its line with \"end\" is missing")
    }
    return entries
  }

  private static func entry(_ line: Line, _ number: Int) throws(Failure) -> Entry {
    guard let key = line.key, !key.isEmpty, key.utf8.count <= Limits.key else {
      throw Failure(line: number, problem: "\"key\" must have 1 to \(Limits.key) bytes of UTF-8")
    }
    let value: [UInt8]
    if let text = line.value, line.base64 == nil {
      value = Array(text.utf8)
    } else if let text = line.base64, line.value == nil, let data = Data(base64Encoded: text) {
      value = Array(data)
    } else {
      throw Failure(line: number, problem: "there must be \"value\" or valid \"base64\"")
    }
    guard value.count <= Limits.value else {
      throw Failure(line: number, problem: "a value has at most \(Limits.value) bytes")
    }
    return Entry(key: key, value: value, expires: line.expires)
  }
}
