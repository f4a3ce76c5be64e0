import Cluster
import ClusterCore
import Dispatch
import Glibc
import Testing

@Suite struct StreamInquiryTests {
  private let question = Array("who?".utf8)

  private func ask(
    _ addresses: [Address], limit: Int = 100, span: Span64 = .seconds(10)
  ) -> [StreamInquiry.Answer] {
    StreamInquiry(limit: limit, span: span)
      .ask(addresses.map { StreamInquiry.Question(to: $0, question) })
  }

  @Test func `answers come in the order of the questions, whoever answers first`() throws {
    let isAnswered = DispatchSemaphore(value: 0)
    let slow = try OneAnswer { _ in
      isAnswered.wait()
      return Array("slow".utf8)
    }
    let quick = try OneAnswer {
      isAnswered.signal()
      return Array("quick: ".utf8) + $0
    }
    #expect(
      ask([slow.address, quick.address])
        == [.bytes(Array("slow".utf8)), .bytes(Array("quick: who?".utf8))])
  }

  @Test func `nobody there is a failure in words, and the others' answers stand`() throws {
    let there = try OneAnswer { _ in [1] }
    let gone = try OneAnswer { _ in [] }.address
    let answers = ask([there.address, .loopback(port: 1), gone])
    #expect(answers[0] == .bytes([1]))
    #expect(answers[1] == .failure("connection refused"))
  }

  @Test func `an answer without end is cut off at its limit`() throws {
    let endless = try OneAnswer { _ in [UInt8](repeating: 7, count: 10_000) }
    #expect(ask([endless.address]) == [.failure("an answer of more than 100 bytes")])
    let exact = try OneAnswer { _ in [UInt8](repeating: 7, count: 100) }
    #expect(ask([exact.address]) == [.bytes([UInt8](repeating: 7, count: 100))])
  }

  @Test func `who answers nothing is waited for no longer than the span`() throws {
    let silent = try FullListener()
    let quick = try OneAnswer { _ in [1] }
    let answers = ask([silent.address, quick.address], span: .milliseconds(300))
    #expect(answers[1] == .bytes([1]))
    guard case .failure(let why) = answers[0] else {
      Issue.record("it can't have answered")
      return
    }
    #expect(why.hasPrefix("no answer within"))
  }

  @Test func `no question is no wait`() { #expect(ask([]) == []) }
}

/// A server of one connection: takes a question, answers, closes.
private final class OneAnswer: Sendable {
  let address: Address
  private let thread: LoopThread

  init(_ answer: @escaping @Sendable ([UInt8]) -> [UInt8]) throws {
    let listener = try LoopbackListener(backlog: 4)
    address = listener.address
    thread = try LoopThread(name: "one-answer") {
      var waiting = pollfd(fd: listener.number, events: Int16(POLLIN), revents: 0)
      guard poll(&waiting, 1, 5_000) == 1 else { return }
      let connection = accept(listener.number, nil, nil)
      defer { close(connection) }
      var buffer = [UInt8](repeating: 0, count: 64)
      let count = recv(connection, &buffer, buffer.count, 0)
      let bytes = answer(Array(buffer.prefix(max(0, count))))
      _ = send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }
  }
}
