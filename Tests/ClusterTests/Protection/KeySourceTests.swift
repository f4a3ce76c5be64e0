import Foundation
import Testing

@testable import Cluster
@testable import ClusterCore

/// Real files, changed as operators and kubelets change them.
@Suite struct KeySourceTests {
  private static let first = "correct horse battery staple"
  private static let second = "the second of two secrets"

  /// A folder of its own.
  private func withFolder(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "keys-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }

  /// A source whose file was read.
  private func source(_ path: String) throws -> KeySource {
    let source = KeySource(file: WatchedFile(path: path))
    return source.read(try source.read(try CryptoLibrary.shared()).stamp)
  }

  /// What a look at the file tells: fingerprints, or why there are none; nothing if it is as it was.
  private func look(_ source: inout KeySource) throws -> String? {
    switch source.look(try CryptoLibrary.shared()) {
    case .none: nil
    case .success(let list): list.fingerprints.map(\.description).joined(separator: ",")
    case .failure(let failure): "failed: \(failure)"
    }
  }

  @Test func `a file written anew is read anew, once`() throws {
    try withFolder { folder in
      let file = folder.appending(path: "key")
      try Self.first.write(to: file, atomically: true, encoding: .utf8)
      var source = try source(file.path)
      #expect(try look(&source) == nil)
      try "\(Self.first)\n\(Self.second)".write(to: file, atomically: false, encoding: .utf8)
      #expect(try look(&source) == "f71edd46,2d1c2cd7")
      #expect(try look(&source) == nil)
      try Self.second.write(to: file, atomically: true, encoding: .utf8)
      #expect(try look(&source) == "2d1c2cd7")
    }
  }

  /// A mounted secret: the file is a link into `..data`, which is a link to a folder named by the
  /// time; an update turns `..data`.
  @Test func `a link turned elsewhere is followed`() throws {
    try withFolder { folder in
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
      var source = try source(path)
      #expect(try look(&source) == nil)
      try turn(to: "..2")
      #expect(try look(&source) == "2d1c2cd7")
    }
  }

  @Test func `a file of no use is told once, and a good one after it`() throws {
    try withFolder { folder in
      let file = folder.appending(path: "key")
      try Self.first.write(to: file, atomically: true, encoding: .utf8)
      var source = try source(file.path)
      try FileManager.default.removeItem(at: file)
      #expect(try look(&source)?.contains("ENOENT") == true)
      #expect(try look(&source) == nil)
      try "short".write(to: file, atomically: true, encoding: .utf8)
      #expect(try look(&source) == "failed: line 1 is too short to be a secret")
      #expect(try look(&source) == nil)
      try Self.second.write(to: file, atomically: true, encoding: .utf8)
      #expect(try look(&source) == "2d1c2cd7")
    }
  }

  @Test func `pipes, folders and huge files are refused without waiting`() throws {
    try withFolder { folder in
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
