import ClusterSimulation
import FoundationEssentials

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The scenarios on disk.
enum ScenarioFiles {
  static let directory = "Simulations/Scenarios"

  /// Reads a scenario by its path, or by its name.
  static func read(_ name: String) throws -> Scenario {
    let path = try path(name)
    let text = try text(path)
    do throws(ScenarioError) {
      var scenario = try Scenario(parsing: text)
      scenario.file = path
      return scenario
    } catch {
      throw Exit.usage(place(of: error, in: path))
    }
  }

  /// Whether a file is there.
  static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

  /// The names of all scenarios, in order.
  static func names() throws -> [String] {
    guard let files = try? FileManager.default.contentsOfDirectory(atPath: directory) else {
      throw Exit.usage("there is no directory \(directory) here")
    }
    return files.filter { $0.hasSuffix(".scenario") }.map { String($0.dropLast(9)) }.sorted()
  }

  /// The text of a file.
  static func text(_ path: String) throws -> String {
    guard let bytes = contents(path) else {
      throw Exit.usage("can't read \(path): \(String(cString: strerror(errno)))")
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw Exit.usage("\(path) is no text in UTF-8")
    }
    return text
  }

  /// Where a scenario of this name or path lies.
  private static func path(_ name: String) throws -> String {
    guard !name.contains("/"), !name.hasSuffix(".scenario") else { return name }
    let path = "\(directory)/\(name).scenario"
    guard !exists(path) else { return path }
    // A name may be a file's here, too: what was shrunk has no folder.
    guard !exists(name) else { return name }
    let known = try names()
    let meant = Spelling.nearest(to: name, among: known).map { "; did you mean '\($0)'?" }
    throw Exit.usage(
      "there is no scenario '\(name)' in \(directory)" + (meant ?? "; 'simulate list' names them"))
  }

  /// A mistake in a file, as compilers show theirs.
  private static func place(of error: ScenarioError, in path: String) -> String {
    let head = "\(path):\(error.line):\(error.column): \(error.message)"
    return error.excerpt.isEmpty ? head : "\(head)\n\(error.excerpt)"
  }

  /// What a scenario is about: its file's first comment.
  static func about(_ name: String) throws -> String {
    let first = try text("\(directory)/\(name).scenario").split(separator: "\n").first ?? ""
    return first.hasPrefix("#") ? String(first.dropFirst(1).drop { $0 == " " }) : ""
  }

  /// Reads a trace.
  static func trace(_ path: String) throws -> Trace {
    let text = try text(path)
    do throws(ScenarioError) {
      return try Trace(parsing: text)
    } catch {
      throw Exit.usage(place(of: error, in: path))
    }
  }

  /// Writes a file as a whole; the folder is made where it is missing.
  static func write(_ text: String, to path: String) throws {
    let url = URL(filePath: path)
    do {
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: url, options: .atomic)
    } catch {
      throw Exit.usage("cannot write \(path): \(error)")
    }
  }
}

/// All bytes of a file or of a pipe, as `<(...)` of a shell is one; `errno` says why there are none.
private func contents(_ path: String) -> [UInt8]? {
  let descriptor = open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { return nil }
  defer { _ = close(descriptor) }
  var bytes: [UInt8] = []
  var part = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let count = read(descriptor, &part, part.count)
    if count < 0, errno == EINTR { continue }
    guard count > 0 else { return count == 0 ? bytes : nil }
    bytes += part.prefix(count)
  }
}
