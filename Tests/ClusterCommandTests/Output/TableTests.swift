import Testing

@testable import ClusterCommand

@Suite struct TableTests {
  @Test func `columns are aligned and lines have no spaces at their ends`() {
    let table = Table(
      header: ["NAME", "STATE", "X"], rows: [["app-10", "alive", ""], ["a", "", "y"]])
    #expect(table.lines == ["NAME    STATE  X", "app-10  alive  -", "a       -      y"])
  }

  @Test func `a table may have no header, rows of different lengths, or none`() {
    #expect(Table(rows: [["a"], ["bb", "c"]]).lines == ["a", "bb  c"])
    #expect(Table(rows: []).text == "")
  }

  @Test func `a cell cannot act upon the terminal`() {
    #expect(Table(rows: [["\u{1B}[31m\n"]]).text == #"\u001b[31m\n"#)
  }
}
