import ClusterAdmin
import Foundation
import Testing

@Suite struct JSONWriterTests {
  @Test func `commas and brackets come by themselves`() {
    let text = JSONWriter.text { json in
      json.object { json in
        json.name("a")
        json.array { json in
          json.number(-1)
          json.boolean(true)
          json.null()
          json.object { _ in }
          json.array([])
        }
        json.name("b")
        json.string("c")
      }
    }
    #expect(String(decoding: text, as: UTF8.self) == #"{"a":[-1,true,null,{},[]],"b":"c"}"#)
  }

  @Test func `every text of one scalar is read back as it was`() throws {
    let scalars = (0..<0x250).compactMap { Unicode.Scalar(UInt32($0)) }
    for scalar in scalars + ["\u{2028}", "\u{FFFF}", "\u{1F600}"] {
      let text = "x\(Character(scalar))y"
      let json = JSONWriter.text { $0.array { $0.string(utf8: Array(text.utf8)) } }
      let read = try JSONSerialization.jsonObject(with: Data(json)) as? [String]
      #expect(read?.first.map { Array($0.utf8) } == Array(text.utf8))
    }
  }

  @Test func `bytes that are not UTF-8 are still written as JSON`() throws {
    let json = JSONWriter.text { $0.array { $0.string(utf8: [0x61, 0xFF, 0x62]) } }
    #expect(String(decoding: json, as: UTF8.self) == "[\"a\u{FFFD}b\"]")
  }

  @Test func `Base64 agrees with Foundation`() {
    for length in 0..<70 {
      let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ length) }
      #expect(
        String(decoding: Base64.encoded(bytes), as: UTF8.self) == Data(bytes).base64EncodedString())
    }
  }
}
