import Synchronization
import Testing

@testable import Cluster

@Suite struct LogTests {
  let logfmt = LogFormatter(format: .logfmt, member: "app-0")
  let json = LogFormatter(format: .json, member: "app-0")

  @Test func `a line has time, level, member, message and ordered metadata`() {
    let metadata = ["peer": "app-1", "after": "1.5 seconds"]
    #expect(
      logfmt.line(.info, "member is alive", metadata, wallMilliseconds: 1_795_381_080_123)
        == #"ts=2026-11-22T20:58:00.123Z level=info node=app-0 msg="member is alive" "#
        + #"after="1.5 seconds" peer=app-1"#)
    #expect(
      json.line(.info, "member is alive", metadata, wallMilliseconds: 1_795_381_080_123)
        == #"{"ts":"2026-11-22T20:58:00.123Z","level":"info","node":"app-0","#
        + #""msg":"member is alive","after":"1.5 seconds","peer":"app-1"}"#)
  }

  @Test(arguments: [
    ("", #""""#), ("plain", "plain"), ("a b", #""a b""#), ("a=b", #""a=b""#),
    ("say \"x\"", #""say \"x\"""#), ("a\\b", #""a\\b""#), ("a\nlevel=error", #""a\nlevel=error""#),
    ("\u{1B}[31m", #""\u001b[31m""#), ("\r\t\0", #""\r\t\u0000""#), ("é", #""é""#),
    ("\u{2028}\u{202E}\u{85}", #""\u2028\u202e\u0085""#),
  ])
  func `a value cannot leave its place in the line`(value: String, expected: String) {
    let line = logfmt.line(.info, "m", ["k": value], wallMilliseconds: 0)
    #expect(line == "ts=1970-01-01T00:00:00.000Z level=info node=app-0 msg=m k=" + expected)
  }

  @Test func `a key cannot leave its place, nor take that of another`() {
    let line = logfmt.line(.info, "m", ["a b=\n": "1", "level": "2"], wallMilliseconds: 0)
    #expect(line.hasSuffix("msg=m a_b__=1 level_=2"))
  }

  @Test func `a long value is cut`() {
    let long = String(repeating: "x", count: 3_000)
    #expect(logfmt.line(.info, long, [:], wallMilliseconds: 0).utf8.count < 2_100)
  }

  @Test(
    arguments: [
      (0, "1970-01-01T00:00:00.000Z"), (951_782_400_000, "2000-02-29T00:00:00.000Z"),
      (951_868_799_999, "2000-02-29T23:59:59.999Z"), (951_868_800_000, "2000-03-01T00:00:00.000Z"),
      (4_102_444_800_000, "2100-01-01T00:00:00.000Z"),
      (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
    ] as [(UInt64, String)])
  func `moments are written as dates`(milliseconds: UInt64, expected: String) {
    #expect(LogFormatter.timestamp(milliseconds) == expected)
  }

  @Test func `no moment is too far to be written`() {
    #expect(LogFormatter.timestamp(.max).hasSuffix("Z"))
  }

  @Test func `the embedder's closure gets what is grave enough`() {
    let lines = Mutex<[String]>([])
    var configuration = ClusterConfiguration(name: "a-0", peers: ["h:1"])
    configuration.logLevel = .notice
    configuration.logHandler = { level, message, metadata in
      lines.withLock { $0.append("\(level) \(message) \(metadata)") }
    }
    let logger = Logger(configuration)
    for level in LogLevel.allCases { logger.log(level, "m", ["k": "v"]) }
    #expect(
      lines.withLock { $0 }
        == ["notice", "warning", "error", "critical"].map { #"\#($0) m ["k": "v"]"# })
  }
}
