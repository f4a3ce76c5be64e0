import Cluster
import Testing

@testable import ClusterCommand

@Suite struct DumpTests {
  private let entries: [DumpFormat.Entry] = [
    .init(key: "a", value: Array("text \"quoted\" \n é".utf8), expires: nil),
    .init(key: "b/ü", value: [0xFF, 0, 1], expires: 4_000_000_000_000),
    .init(key: "empty", value: [], expires: nil),
  ]

  private var dump: [UInt8] {
    entries.reduce(DumpFormat.header(prefix: "")) { $0 + DumpFormat.line($1) }
      + DumpFormat.end(entries.count)
  }

  @Test func `a dump comes back as it went`() throws {
    #expect(try DumpFormat.entries(of: dump) == entries)
    #expect(String(decoding: dump, as: UTF8.self).contains(#""base64":"/wAB""#))
  }

  @Test func `a dump that is cut off anywhere is refused whole`() {
    for count in 0..<dump.count - 1 {
      #expect(throws: DumpFormat.Failure.self) {
        try DumpFormat.entries(of: Array(dump.prefix(count)))
      }
    }
  }

  @Test(arguments: [
    ("{}\n", 1, "\"format\""), ("{\"format\":\"cluster-dump\",\"version\":9}\n", 1, "\"version\""),
    ("H{\"key\":\"\",\"value\":\"\"}\n", 2, "\"key\""), ("H{\"key\":\"k\"}\n", 2, "\"value\""),
    ("H{\"key\":\"k\",\"base64\":\"?\"}\n", 2, "base64"), ("Hnonsense\n", 2, "JSON"),
    ("H{\"end\":1}\n", 2, "counts 1"), ("H{\"end\":0}\n{\"end\":0}\n", 3, "after its end"),
  ])
  func `what is wrong is named with its line`(text: String, line: Int, words: String) {
    let header = String(decoding: DumpFormat.header(prefix: ""), as: UTF8.self)
    let bytes = Array(text.replacing("H", with: header, maxReplacements: 1).utf8)
    #expect {
      try DumpFormat.entries(of: bytes)
    } throws: { error in
      guard let failure = error as? DumpFormat.Failure else { return false }
      return failure.line == line && failure.problem.contains(words)
    }
  }

  @Test func `an import writes every key, with its time, and a damaged one nothing`() async throws {
    // A write has a connection of its own, and the scripted server one at a time.
    let ok = "HTTP/1.1 200 OK\r\nConnection: close\r\ncontent-length: 2\r\n\r\n{}"
    // The scripted server reads texts only.
    let texts = [entries[0], .init(key: "b/ü", value: [1], expires: 4_000_000_000_000), entries[2]]
    let whole =
      texts.reduce(DumpFormat.header(prefix: "")) { $0 + DumpFormat.line($1) }
      + DumpFormat.end(3)
    let run = await CommandRun.of("import", input: whole) { _ in ok }
    #expect(run.status == .success, "\(run.words)")
    try #require(run.requestLines.count == 3, "\(run.requests)")
    #expect(run.requestLines[0] == "PUT /keys/a HTTP/1.1")
    #expect(run.requestLines[1].hasPrefix("PUT /keys/b%2F%C3%BC?ttl="))
    #expect(run.words.contains("3 keys written"))
    let cut = await CommandRun.of("import", input: Array(whole.dropLast(10))) { _ in ok }
    #expect(cut.status == .failure && cut.requests.isEmpty)
    #expect(cut.words.contains("cut off"))
  }

  @Test func `an export asks page by page and skips what is gone meanwhile`() async {
    let run = await CommandRun.of("export", "o/") { request in
      func reply(_ status: String, _ body: String, _ more: String = "") -> String {
        "HTTP/1.1 \(status)\r\n\(more)content-length: \(body.utf8.count)\r\n\r\n\(body)"
      }
      if request.hasPrefix("GET /keys?") {
        return reply("200 OK", #"{"keys":["o/1","o/2","o/3"],"next":null}"#)
      }
      if request.hasPrefix("GET /keys/o%2F2 ") { return reply("404 Not Found", "{}") }
      if request.hasPrefix("GET /keys/o%2F3 ") {
        return reply("200 OK", "three", "cluster-expires: 4000000000000\r\n")
      }
      return reply("200 OK", "one")
    }
    #expect(run.status == .success)
    let entries = try? DumpFormat.entries(of: Array(run.output.utf8))
    #expect(
      entries == [
        .init(key: "o/1", value: Array("one".utf8), expires: nil),
        .init(key: "o/3", value: Array("three".utf8), expires: 4_000_000_000_000),
      ])
  }
}
