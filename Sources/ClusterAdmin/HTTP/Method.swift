/// What a request asks to be done. Methods are case-sensitive; everything unknown is `other`.
package enum Method: String, Hashable, Sendable {
  case get = "GET"
  case head = "HEAD"
  case post = "POST"
  case put = "PUT"
  case delete = "DELETE"
  case options = "OPTIONS"
  case other = ""

  /// Recognises a token.
  init(_ token: ArraySlice<UInt8>) {
    switch token.count {
    case 3 where token.elementsEqual("GET".utf8): self = .get
    case 3 where token.elementsEqual("PUT".utf8): self = .put
    case 4 where token.elementsEqual("HEAD".utf8): self = .head
    case 4 where token.elementsEqual("POST".utf8): self = .post
    case 6 where token.elementsEqual("DELETE".utf8): self = .delete
    case 7 where token.elementsEqual("OPTIONS".utf8): self = .options
    default: self = .other
    }
  }
}
