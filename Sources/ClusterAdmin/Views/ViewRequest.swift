import Cluster
import ClusterCore
import FoundationEssentials

/// The one request that members make of each other over HTTP, and how its answer is read. What comes
/// is not trusted: it is used only if it is a report of the right member, and never as it is.
enum ViewRequest {
  /// The request. The host is named by its address, which no member refuses.
  static func bytes(host: Address) -> [UInt8] {
    Array("GET /members HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n\r\n".utf8)
  }

  /// The report of the member `name` in an answer.
  static func report(
    of name: String, in answer: StreamInquiry.Answer
  ) -> Result<MemberReport, ViewFailure> {
    let bytes: [UInt8]
    switch answer {
    case .failure(let text): return .failure(ViewFailure(text))
    case .bytes(let received): bytes = received
    }
    guard bytes.starts(with: "HTTP/1.1 ".utf8), bytes.count > 12,
      let status = Int(String(decoding: bytes[9..<12], as: UTF8.self))
    else { return .failure(ViewFailure("no HTTP answer")) }
    guard status == 200 else { return .failure(ViewFailure("answered \(status)")) }
    guard let body = body(of: bytes) else { return .failure(ViewFailure("half an answer")) }
    guard let report = try? JSONDecoder().decode(MemberReport.self, from: Data(body)) else {
      return .failure(ViewFailure("answered something else than a report"))
    }
    guard report.member == name else {
      return .failure(ViewFailure("another member answers there: \(report.member.prefix(64))"))
    }
    return .success(report)
  }

  /// What follows the head.
  private static func body(of bytes: [UInt8]) -> ArraySlice<UInt8>? {
    let end = Array("\r\n\r\n".utf8)
    guard bytes.count >= end.count else { return nil }
    for index in 0...(bytes.count - end.count) where bytes[index] == 0x0D {
      if bytes[index..<(index + end.count)].elementsEqual(end) {
        return bytes[(index + end.count)...]
      }
    }
    return nil
  }
}
