import Foundation
import Synchronization
import Testing

@testable import Cluster
@testable import ClusterCore

/// Real files, changed as operators and kubelets change them.
@Suite struct KeySourceTests {
  private static let first = "correct horse battery staple"
  private static let second = "the second of two secrets"

  /// A folder of its own.
  private func withFolder<Result>(_ body: (URL) async throws -> Result) async throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: "keys-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try await body(folder)
  }

  /// Follows a file while `body` changes it; what it was told is in the list.
  private func following(
    _ path: String, _ body: (_ told: @escaping @Sendable () -> [String]) async throws -> Void
  ) async throws {
    let library = try CryptoLibrary.shared()
    let source = KeySource(file: WatchedFile(path: path))
    let stamp = try? source.read(library).stamp
    let told = Told()
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        await source.read(stamp).follow(library) { result in
          switch result {
          case .success(let list):
            told.add(list.fingerprints.map(\.description).joined(separator: ","))
          case .failure(let failure): told.add("failed: \(failure)")
          }
        }
      }
      try await body { told.all }
      group.cancelAll()
    }
  }

  private final class Told: Sendable {
    private let lines = Mutex<[String]>([])
    func add(_ line: String) { lines.withLock { $0.append(line) } }
    var all: [String] { lines.withLock { $0 } }
  }

  @Test func `a file written anew is read anew, once`() async throws {
    try await withFolder { folder in
      let file = folder.appending(path: "key")
      try Self.first.write(to: file, atomically: true, encoding: .utf8)
      try await following(file.path) { told in
        try "\(Self.first)\n\(Self.second)".write(to: file, atomically: false, encoding: .utf8)
        await eventually("both keys are told") { told().last == "f71edd46,2d1c2cd7" }
        try Self.second.write(to: file, atomically: true, encoding: .utf8)
        await eventually("the new one alone is told") { told().last == "2d1c2cd7" }
        #expect(told().filter { !$0.hasPrefix("failed") }.count == 2)
      }
    }
  }

  /// A mounted secret: the file is a link into `..data`, which is a link to a folder named by the
  /// time; an update turns `..data`.
  @Test func `a link turned elsewhere is followed`() async throws {
    try await withFolder { folder in
      let files = FileManager.default
      for (name, text) in [("..1", Self.first), ("..2", Self.second)] {
        let version = folder.appending(path: name)
        try files.createDirectory(at: version, withIntermediateDirectories: true)
        try text.write(to: version.appending(path: "key"), atomically: false, encoding: .utf8)
      }
      func turn(to name: String) throws {
        let made = folder.appending(path: "..tmp").path
        try files.createSymbolicLink(atPath: made, withDestinationPath: name)
        #expect(rename(made, folder.appending(path: "..data").path) == 0)
      }
      try turn(to: "..1")
      let path = folder.appending(path: "key").path
      try files.createSymbolicLink(atPath: path, withDestinationPath: "..data/key")
      try await following(path) { told in
        try turn(to: "..2")
        await eventually("the other file is told") { told() == ["2d1c2cd7"] }
      }
    }
  }

  @Test func `a file of no use is told once, and a good one after it`() async throws {
    try await withFolder { folder in
      let file = folder.appending(path: "key")
      try Self.first.write(to: file, atomically: true, encoding: .utf8)
      try await following(file.path) { told in
        try FileManager.default.removeItem(at: file)
        await eventually("it is missed") { told().count == 1 }
        #expect(told()[0].contains("ENOENT"))
        try "short".write(to: file, atomically: true, encoding: .utf8)
        await eventually("it is refused") { told().count == 2 }
        #expect(told()[1] == "failed: line 1 is too short to be a secret")
        try Self.second.write(to: file, atomically: true, encoding: .utf8)
        await eventually("it is taken") { told().count == 3 }
        #expect(told()[2] == "2d1c2cd7")
      }
    }
  }

  @Test func `pipes, folders and huge files are refused without waiting`() async throws {
    try await withFolder { folder in
      let pipe = folder.appending(path: "pipe").path
      #expect(mkfifo(pipe, 0o600) == 0)
      let huge = folder.appending(path: "huge")
      try Data(count: KeySource.limit + 1).write(to: huge)
      for (path, code) in [(pipe, EINVAL), (folder.path, EINVAL), (huge.path, EFBIG)] {
        #expect {
          try WatchedFile(path: path).read(atMost: KeySource.limit)
        } throws: { ($0 as? SystemError)?.code == code }
      }
    }
  }
}
