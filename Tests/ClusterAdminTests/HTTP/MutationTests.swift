import ClusterAdmin
import ClusterCore
import Foundation
import Testing

/// Valid requests, damaged at random: what comes back must always be whole answers, and no trap.
struct Mutation {
  static let seeds = [
    "GET / HTTP/1.1\r\nHost: app-0\r\nAccept: text/html;q=0.5, */*\r\n\r\n",
    "PUT /keys/a%20b?ttl=60 HTTP/1.1\r\nHost: app-0\r\nContent-Length: 5\r\n\r\nhello"
      + "GET /keys/a%20b HTTP/1.1\r\nHost: app-0\r\nIf-None-Match: \"1\", W/\"2\"\r\n\r\n",
    "PUT /keys/k HTTP/1.1\r\nHost: [::1]:80\r\nExpect: 100-continue\r\n"
      + "Transfer-Encoding: chunked\r\n\r\n3;a=b\r\nabc\r\n1F\r\n0123456789abcdef0123456789abcde\r\n"
      + "0\r\nA: b\r\n\r\n",
    "GET http://app-0:80/keys?prefix=k&limit=2&after=%61 HTTP/1.1\r\nHost: app-0\r\n\r\n",
    "DELETE /hosts/app-1?mode=leave HTTP/1.0\r\nConnection: keep-alive\r\n"
      + "Authorization: Bearer x\r\nOrigin: http://app-0\r\n\r\nGET /metrics HTTP/1.0\r\n\r\n",
    "OPTIONS * HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
  ].map { Array($0.utf8) }

  static let fragments = [
    "\r\n", "\r\n\r\n", "\n", "\r", "\0", " ", "\t", ":", "%", "%00", "%ff", "?", "&", "=", "/",
    "//",
    "*", "HTTP/1.1", "HTTP/9.9", "Host: a\r\n", "Content-Length: 0\r\n",
    "Content-Length: 99999999\r\n",
    "Transfer-Encoding: chunked\r\n", "FFFFFFFFFFFFFFFF\r\n", "0\r\n\r\n", ";", "\"", "-1", "[",
    "]",
    "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "ä", "Accept: ;q=\r\n", "If-Match: W/\r\n",
  ].map { Array($0.utf8) }

  var randomness: Randomness

  mutating func next() -> [UInt8] {
    var bytes = pick(Self.seeds)
    for _ in 0...randomness.below(4) {
      let at = Int(randomness.below(UInt64(bytes.count + 1)))
      switch randomness.below(6) {
      case 0: bytes.insert(contentsOf: pick(Self.fragments), at: at)
      case 1 where at < bytes.count: bytes[at] = UInt8(truncatingIfNeeded: randomness.next())
      case 2 where at < bytes.count: bytes[at] ^= 1 << UInt8(randomness.below(8))
      case 3:
        let end = min(bytes.count, at + Int(randomness.below(12)))
        bytes.removeSubrange(at..<end)
      case 4:
        let end = min(bytes.count, at + Int(randomness.below(40)))
        bytes.insert(contentsOf: bytes[at..<end], at: at)
      default: bytes.insert(UInt8(truncatingIfNeeded: randomness.next()), at: at)
      }
    }
    return bytes
  }

  private mutating func pick(_ choices: [[UInt8]]) -> [UInt8] {
    choices[Int(randomness.below(UInt64(choices.count)))]
  }

  /// Runs `count` inputs drawn from `seed`. Each is cut at a random place, so that both halves of
  /// every state are entered.
  ///
  /// - Throws: What is wrong with an answer, with the input that caused it.
  static func run(seed: UInt64, count: Int) throws -> [Int: Int] {
    var mutation = Mutation(randomness: Randomness(seed: seed))
    let cluster = InMemoryCluster()
    var statuses: [Int: Int] = [:]
    for _ in 0..<count {
      let input = mutation.next()
      let cut = Int(mutation.randomness.below(UInt64(input.count + 1)))
      var conversation = Conversation(cluster: cluster)
      conversation.send(Array(input[..<cut]))
      conversation.send(Array(input[cut...]))
      conversation.endInput()
      let heads = Self.heads(in: input)
      do {
        let replies = try Reply.all(in: conversation.output, isHead: { heads.contains($0) })
        for reply in replies { statuses[reply.status, default: 0] += 1 }
        guard conversation.connection.isFinished else { throw Malformed("not finished") }
        guard replies.allSatisfy({ $0.status < 200 || $0["host"] == "app-0" }) else {
          throw Malformed("no host")
        }
      } catch {
        throw Malformed("\(error) for \(String(decoding: input, as: UTF8.self).debugDescription)")
      }
    }
    return statuses
  }

  /// Which of the requests in the bytes ask by HEAD.
  private static func heads(in input: [UInt8]) -> Set<Int> {
    guard String(decoding: input, as: UTF8.self).contains("HEAD") else { return [] }
    var parser = RequestParser(limits: HTTPLimits())
    parser.received(input)
    var heads: Set<Int> = []
    while let event = parser.next() {
      if case .request(let request) = event, request.method == .head {
        heads.insert(parser.completed - 1)
      }
    }
    return heads
  }
}

@Suite struct MutationTests {
  /// How many inputs are run; `CLUSTER_HTTP_MUTATIONS` in the environment asks for more.
  static let count =
    ProcessInfo.processInfo.environment["CLUSTER_HTTP_MUTATIONS"].flatMap { Int($0) } ?? 12_000

  @Test(arguments: [1, 2] as [UInt64])
  func `damaged requests get whole answers`(seed: UInt64) throws {
    let statuses = try Mutation.run(seed: seed, count: Self.count / 2)
    for status in [100, 200, 400, 404, 413, 501] { #expect(statuses[status, default: 0] > 0) }
  }
}
