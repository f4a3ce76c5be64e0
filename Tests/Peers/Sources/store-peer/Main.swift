import Cluster
import Glibc
import Threading

/// One member whose store is measured: it does what standard input says, line by line, and answers
/// each line with one of JSON. The same words are understood by `kv.erl`.
@main
struct Main {
  static func main() async throws {
    let arguments = CommandLine.arguments.dropFirst()
    guard arguments.count >= 2, let ordinal = Int(arguments[1]) else {
      print("usage: store-peer ORDINAL ADDRESS[,ADDRESS...]")
      exit(64)
    }
    let addresses = arguments[2].split(separator: ",").map(String.init)
    var configuration = Cluster.Configuration(
      name: "kv-\(ordinal)", peers: addresses.map { "\($0):7946" })
    configuration.logHandler = { _, _, _ in }
    let cluster = try Cluster(configuration)
    let bench = StoreBench(cluster: cluster, ordinal: ordinal, size: addresses.count)
    // Standard input is read on a thread of its own: reading it blocks, and so do the loops.
    Thread {
      while let line = readLine() {
        let words = line.split(separator: " ").map(String.init)
        guard let verb = words.first, verb != "quit" else { break }
        answer(bench.obey(verb, words.dropFirst().compactMap(UInt64.init)))
      }
      exit(0)
    }.start()
    try await cluster.run()
  }

  private static func answer(_ fields: [(String, Double)]) {
    let body = fields.map { "\"\($0.0)\":\($0.1.description)" }.joined(separator: ",")
    let bytes = Array("{\(body)}\n".utf8)
    _ = write(1, bytes, bytes.count)
  }
}
