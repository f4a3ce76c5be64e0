import Foundation
import Testing

@testable import ClusterAdmin

@Suite struct DashboardTests {
  private var text: String { String(decoding: Dashboard.page.body, as: UTF8.self) }

  @Test func `the page is one document below 60 KiB`() {
    #expect(Dashboard.page.body.count < 60 << 10)
    #expect(text.hasPrefix("<!doctype html>") && text.hasSuffix("</html>\n"))
    #expect(!text.contains("/*STYLE*/") && !text.contains("/*SCRIPT*/"))
  }

  @Test func `it names nobody else, sets nothing as HTML and has no handler in an attribute`() {
    for scheme in ["https://", "//cdn", "@import", "url("] { #expect(!text.contains(scheme)) }
    let own = "http://www.w3.org/2000/svg"
    #expect(
      text.split(separator: "http://").dropFirst().allSatisfy { "http://\($0)".hasPrefix(own) })
    for word in ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("] {
      #expect(!text.contains(word))
    }
    #expect(text.firstMatch(of: /<[^>]*\son\w+=/) == nil)
    #expect(text.firstMatch(of: /<[^>]*\sstyle=/) == nil)
  }

  @Test func `its policy lets run what it came with and nothing else`() throws {
    let policy = try #require(Dashboard.page[.contentSecurityPolicy])
    #expect(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"))
    #expect(!policy.contains("unsafe") && !policy.contains("*"))
    for element in ["style", "script"] {
      let content = try #require(
        text.firstMatch(
          of: try Regex("(?s)<\(element)>(.*?)</\(element)>", as: (Substring, Substring).self))
      ).output.1
      let digest = Base64.encoded(SHA256.digest(of: Array(content.utf8)))
      #expect(policy.contains("\(element)-src 'sha256-\(String(decoding: digest, as: UTF8.self))'"))
    }
  }

  @Test func `the timeline listens to every kind of event that there is`() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..")
    let source = try String(
      contentsOf: root.appending(path: "Sources/ClusterCore/ClusterEvent.swift"), encoding: .utf8)
    let kinds = source.matches(of: /\n  case (\w+)/).map(\.output.1)
    #expect(kinds.count > 20)
    for kind in kinds { #expect(text.contains("\"\(kind)\""), "\(kind) is never shown") }
  }

  /// FIPS 180-4's examples, and lengths around the padding's edge (by `sha256sum`).
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    (
      String(repeating: "a", count: 55),
      "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318"
    ),
    (
      String(repeating: "a", count: 64),
      "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb"
    ),
  ])
  func `SHA-256 is what the standard says`(message: String, digest: String) {
    let bytes = SHA256.digest(of: Array(message.utf8))
    #expect(bytes.map { String(format: "%02x", $0) }.joined() == digest)
  }
}
