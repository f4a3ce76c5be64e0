import Foundation
import Testing

@testable import Cluster
@testable import ClusterAdmin

@Suite struct BearerTokenFileTests {
  @Test func `an exchanged token holds without a restart, and a bad file changes nothing`() throws {
    let path = NSTemporaryDirectory() + "token-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data("first-token\n".utf8).write(to: URL(filePath: path))
    let file = try BearerTokenFile(path: path)
    #expect(file.token == Array("first-token".utf8))
    try Data("second\n".utf8).write(to: URL(filePath: path))
    file.lookAgain()
    #expect(file.token == Array("second".utf8))
    try Data("\n\n".utf8).write(to: URL(filePath: path))
    file.lookAgain()
    #expect(file.token == Array("second".utf8))
    try FileManager.default.removeItem(atPath: path)
    file.lookAgain()
    #expect(file.token == Array("second".utf8))
  }

  @Test func `a file without a token is refused`() {
    #expect(throws: ConfigurationError.self) { try BearerTokenFile(path: "/nonexistent/token") }
  }
}
