import CClusterLinux
package import ClusterCore
import Glibc

/// Asks several servers one thing each over TCP, at the same time, on the calling thread, and gives
/// what they sent until they closed: bounded in bytes and in time, whatever they do.
package struct StreamInquiry: Sendable {
  /// Whom, and what is sent to it.
  package struct Question: Sendable {
    package var address: Address
    package var bytes: [UInt8]

    package init(to address: Address, _ bytes: [UInt8]) {
      self.address = address
      self.bytes = bytes
    }
  }

  /// What came of a question.
  package enum Answer: Sendable, Equatable {
    /// All that was sent until the server closed.
    case bytes([UInt8])
    /// Why there is nothing of use, in words.
    case failure(String)
  }

  /// The most bytes of an answer.
  package var limit: Int
  /// How long all of it may take.
  package var span: Span64

  package init(limit: Int, span: Span64) {
    self.limit = limit
    self.span = span
  }

  /// Asks, and waits for the answers, which come in the order of the questions.
  package func ask(_ questions: [Question]) -> [Answer] {
    let deadline = Clock.instant() + span
    let talks = questions.map { Talk($0) }
    while true {
      let open = talks.filter { $0.answer == nil }
      let now = Clock.instant()
      if open.isEmpty || now >= deadline { break }
      var entries = open.map { talk in
        pollfd(
          fd: talk.number, events: Int16(talk.isSending ? POLLOUT : POLLIN),
          revents: 0)
      }
      let milliseconds = Int32(clamping: deadline.since(now).nanoseconds / 1_000_000 + 1)
      guard poll(&entries, nfds_t(entries.count), milliseconds) >= 0 || errno == EINTR else {
        break
      }
      for (talk, entry) in zip(open, entries) where entry.revents != 0 { talk.goOn(limit: limit) }
    }
    return talks.map { $0.answer ?? .failure("no answer within \(span.duration)") }
  }

  /// One question on its way, its answer on its way back, then the answer.
  private final class Talk {
    private var socket: FileDescriptor?
    /// The socket's number; -1, which is waited for in vain, when there is none.
    private(set) var number: Int32 = -1
    private(set) var answer: Answer?
    private let question: Question
    private var sent = 0
    private var received: [UInt8] = []

    var isSending: Bool { sent < question.bytes.count }

    init(_ question: Question) {
      self.question = question
      let v6: Int32 = question.address.family == .v6 ? 1 : 0
      do {
        let socket = try FileDescriptor(SystemCall { cluster_socket(v6, 0) }, "open a socket")
        let (number, address) = (socket.number, cluster_address(question.address))
        let call = SystemCall { cluster_connect(number, v6, address) }
        if call != .done(0), call != .failed(EINPROGRESS) { try call.orThrow("connect") }
        self.number = number
        self.socket = consume socket
      } catch {
        socket = nil
        answer = .failure("\(error)")
      }
    }

    /// Sends or receives what can be without waiting.
    func goOn(limit: Int) {
      let number = number
      if isSending {
        let rest = question.bytes[sent...]
        let call = SystemCall {
          rest.withUnsafeBytes { send(number, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        }
        switch call {
        case .done(let count): sent += count
        case .wouldBlock: break
        case .failed(let code): end(.failure(SystemError.text(of: code)))
        }
        return
      }
      withUnsafeTemporaryAllocation(byteCount: 64 << 10, alignment: 16) { buffer in
        switch SystemCall({ recv(number, buffer.baseAddress, buffer.count, 0) }) {
        case .done(0): end(.bytes(received))
        case .done(let count):
          received.append(contentsOf: UnsafeRawBufferPointer(rebasing: buffer[..<count]))
          if received.count > limit { end(.failure("an answer of more than \(limit) bytes")) }
        case .wouldBlock: break
        case .failed(let code): end(.failure(SystemError.text(of: code)))
        }
      }
    }

    private func end(_ answer: Answer) {
      self.answer = answer
      number = -1
      socket = nil
    }
  }
}
