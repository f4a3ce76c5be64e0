import Testing

/// What the operator's handbook says of the tests.
@Suite struct HandbookTests {
  @Test func `each of the eleven attacks is tried by tests that exist`() throws {
    let handbook = try #require(Repository.text("deploy/README.md"))
    let rows = handbook.matches(of: /(?m)^\| (\d+) \|.*\|([^|]*)\|$/)
    #expect(rows.map { String($0.output.1) } == (1...11).map(String.init))
    for row in rows {
      let names = row.output.2.matches(of: /`([^`]+)`/).map { String($0.output.1) }
      #expect(!names.isEmpty, "attack \(row.output.1) has no test")
      for name in names { #expect(isTest(name), "there is no \(name)") }
    }
  }

  private func isTest(_ name: String) -> Bool {
    if name.hasSuffix("Tests") {
      return Repository.swiftFiles("Tests").contains { file in
        file.lines.contains { $0.hasPrefix("@Suite struct \(name)") }
      }
    }
    let parts = name.split(separator: ".")
    guard let file = parts.first,
      let text = Repository.text("Tests/EndToEnd/cases/\(file).py")
    else { return false }
    return parts.count == 1 || text.contains("def \(parts[1])(lab):")
  }
}
