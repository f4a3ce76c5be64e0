import Cluster
import Synchronization

@testable import ClusterCommand

/// What a command printed, said, asked for, and ended with.
struct CommandRun: Sendable {
  var status: ExitStatus
  var output: String
  var words: String
  var requests: [String]
  var connections: Int

  /// The first line of each request.
  var requestLines: [String] {
    requests.map { $0.split(separator: "\r\n").first.map(String.init) ?? "" }
  }

  /// Runs `cluster` with these words against a server that answers as the closure says.
  static func of(
    _ words: String..., input: [UInt8] = [], files: [String: String] = [:],
    environment: [String: String] = [:], isTerminal: Bool = false,
    answer: @escaping @Sendable (String) -> String? = { _ in nil }
  ) async -> CommandRun {
    await of(
      words: words, input: input, files: files, environment: environment, isTerminal: isTerminal,
      answer: answer)
  }

  /// The same with the words in a list.
  static func of(
    words: [String], input: [UInt8] = [], files: [String: String] = [:],
    environment: [String: String] = [:], isTerminal: Bool = false,
    answer: @escaping @Sendable (String) -> String?
  ) async -> CommandRun {
    let server = ScriptedServer(answer)
    defer { server.stop() }
    let streams = Streams()
    let url = ["CLUSTER_URL": "http://127.0.0.1:\(server.port)"]
    let shell = Shell(
      environment: url.merging(environment) { $1 }, isTerminal: isTerminal,
      write: { bytes in streams.texts.withLock { $0.output += bytes } },
      say: { line in streams.texts.withLock { $0.words += line + "\n" } },
      read: { _ throws(SystemError) in input },
      readFile: { path, _ throws(SystemError) in
        guard let file = files[path] else { throw SystemError(path, code: 2) }
        return Array(file.utf8)
      })
    let status = await Program.run(words, in: shell)
    let texts = streams.texts.withLock { $0 }
    return CommandRun(
      status: status, output: String(decoding: texts.output, as: UTF8.self), words: texts.words,
      requests: server.requests, connections: server.connections)
  }
}

private final class Streams: Sendable {
  let texts = Mutex((output: [UInt8](), words: ""))
}
