import Testing

@testable import Cluster
@testable import ClusterCore

@Suite struct KeyListTests {
  private func names(file text: String) throws -> [String] {
    try KeyList(file: Array(text.utf8), CryptoLibrary.shared()).fingerprints.map(\.description)
  }

  private let first = "correct horse battery staple"
  private let second = "MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI="

  @Test func `a file has a secret a line, with comments and blanks around them`() throws {
    let expected = ["f71edd46", "a71e1aab"]
    #expect(try names(file: "\(first)\n\(second)\n") == expected)
    #expect(try names(file: "# new\r\n  \(first) \t\r\n\n# old\r\n\(second)") == expected)
    #expect(try names(file: "\(second)\n\(first)") == expected.reversed())
  }

  @Test func `a variable has secrets between commas`() throws {
    let library = try CryptoLibrary.shared()
    let list = try KeyList(variable: " \(first), \(second)\n", library)
    #expect(list.fingerprints.map(\.description) == ["f71edd46", "a71e1aab"])
    #expect(list.primary.fingerprint.description == "f71edd46")
  }

  @Test(arguments: [
    ("", "no secret"), ("\n# nothing\n", "no secret"), ("short", "line 1 is too short"),
    ("correct horse battery staple\nshort", "line 2 is too short"),
    ("correct horse battery staple\ncorrect horse battery staple", "line 2 says again"),
    ("0123456789abcdef\u{0}0123456789", "not text"),
    (String(repeating: "k", count: 1_025), "too long"),
    ((0..<17).map { "the secret number \($0)" }.joined(separator: "\n"), "17 secrets"),
  ])
  func `what is no list of secrets is refused, and says nothing of them`(
    text: String, problem: String
  ) throws {
    let library = try CryptoLibrary.shared()
    #expect {
      try KeyList(file: Array(text.utf8), library)
    } throws: { error in
      let told = (error as? KeyList.Malformed)?.problem ?? ""
      return told.contains(problem) && !told.contains("horse") && !told.contains("short\n")
    }
  }

  @Test func `sixteen secrets of the largest size are a list`() throws {
    let lines = (0..<16).map { String(repeating: "\($0)", count: 500) }
    #expect(try names(file: lines.joined(separator: "\n")).count == 16)
  }

  @Test func `a signature tells which keys are accepted, in any order`() throws {
    let list = try ProtectedMember.list([0, 1, 2])
    let names = list.fingerprints
    #expect(list.accepted(by: try ProtectedMember.list([2, 0]).signature) == [names[0], names[2]])
    #expect(list.accepted(by: try ProtectedMember.list([1]).signature) == [names[1]])
    #expect(list.accepted(by: list.signature) == names)
    #expect(list.accepted(by: try ProtectedMember.list([0, 3]).signature) == nil)
    #expect(list.accepted(by: 0) == nil)
  }
}
