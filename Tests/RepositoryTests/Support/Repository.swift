import Foundation

/// The files of this repository, as they lie beside these tests.
enum Repository {
  static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  private static let all = ["Sources", "Tests", "Simulations"].flatMap(paths)
    .filter { $0.hasSuffix(".swift") }.compactMap { SourceFile($0) }

  /// The Swift files under a folder, in order.
  static func swiftFiles(_ folder: String) -> [SourceFile] {
    all.filter { $0.path.hasPrefix(folder + "/") }
  }

  /// The paths of all files under a folder, from the root, in order.
  static func paths(_ folder: String) -> [String] {
    let base = root.appending(path: folder).path
    let names = FileManager.default.enumerator(atPath: base)?.compactMap { $0 as? String } ?? []
    return names.sorted().map { folder + "/" + $0 }
  }

  static func text(_ path: String) -> String? {
    try? String(contentsOf: root.appending(path: path), encoding: .utf8)
  }
}

/// A file line by line: as written, and as code without comments and without what strings say.
struct SourceFile {
  var path: String
  var lines: [String]
  var code: [String]

  init?(_ path: String) {
    guard let text = Repository.text(path) else { return nil }
    self.path = path
    lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    if lines.last == "" { lines.removeLast() }
    var isInText = false
    code = lines.map { line in
      let marks = line.components(separatedBy: "\"\"\"").count - 1
      defer { if marks % 2 == 1 { isInText.toggle() } }
      return isInText || marks > 0 ? "" : Self.code(of: line)
    }
  }

  /// A line of code without its comment, and with empty strings.
  private static func code(of line: String) -> String {
    var result: [UInt8] = []
    var (isInString, isEscaped) = (false, false)
    let (quote, slash, backslash) = (UInt8(ascii: "\""), UInt8(ascii: "/"), UInt8(ascii: "\\"))
    for byte in line.utf8 {
      if isInString {
        if byte == quote, !isEscaped {
          isInString = false
          result.append(byte)
        }
        isEscaped = byte == backslash && !isEscaped
      } else if byte == slash, result.last == slash {
        result.removeLast()
        break
      } else {
        isInString = byte == quote
        result.append(byte)
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// "path:line: what stands there" of each line of code that a pattern fits.
  func matches(_ pattern: some RegexComponent) -> [String] {
    code.indices.filter { code[$0].contains(pattern) }.map { place($0) }
  }

  /// The numbers of the lines in which one of some words stands: patterns take long in a debug build,
  /// and few lines have what they are about.
  static func indices(of lines: [String], with words: String...) -> [Int] {
    lines.indices.filter { index in words.contains { lines[index].contains($0) } }
  }

  func place(_ index: Int) -> String {
    "\(path):\(index + 1): \(lines[index].drop { $0 == " " })"
  }
}
