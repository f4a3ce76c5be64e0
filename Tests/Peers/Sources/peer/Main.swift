import Cluster
import Glibc
import Threading

/// One member that tells on standard output what it sees, and takes what to do from standard input.
@main
struct Main {
  static func main() async throws {
    guard
      let placement = Placement(
        arguments: Array(CommandLine.arguments.dropFirst()), environment: environment())
    else {
      say("usage: PEER_COUNT=n|PEER_GROUPS=n,n peer -bind IP -port P -base I [-seed IP]", to: 2)
      exit(64)
    }
    var configuration = Cluster.Configuration(
      name: "n-\(placement.ordinal)", peers: placement.peers)
    configuration.bind = placement.bind
    configuration.logHandler = { _, _, _ in }
    let cluster = try Cluster(configuration)
    let (events, changes) = (cluster.events, cluster.store.changes(prefix: "event/", from: .now))
    await withDiscardingTaskGroup { group in
      group.addTask {
        do { try await cluster.run() } catch { say("\(error)", to: 2) }
      }
      group.addTask { for await event in events { tell(event, to: cluster) } }
      group.addTask {
        for await change in changes where change.key.hasPrefix("event/") {
          say("EV \(wallNanoseconds()) user \(change.key.dropFirst(6))")
        }
      }
      group.addTask {
        try? await cluster.ready()
        say("READY")
      }
      // Standard input is read on a thread of its own: reading it blocks.
      Thread { obey(cluster) }.start()
    }
  }

  private static func tell(_ event: ClusterEvent, to cluster: Cluster) {
    guard case .memberChanged(let member, let previous) = event else { return }
    let word: String
    switch member.state {
    case .alive where previous != .suspect: word = "join"
    case .dead: word = "failed"
    case .left: word = "left"
    default: return
    }
    say("EV \(wallNanoseconds()) \(word) n\(member.ordinal)")
  }

  /// `event ID BYTES K` writes so many bytes under the ID; `quit` and the end of the input end it.
  private static func obey(_ cluster: Cluster) {
    while let line = readLine() {
      let words = line.split(separator: " ")
      guard let verb = words.first, verb != "quit" else { break }
      guard verb == "event", words.count >= 3, let count = Int(words[2]) else { continue }
      try? cluster.store.put("event/\(words[1])", Array(repeating: 120, count: count))
    }
    exit(0)
  }

  private static func environment() -> [String: String] {
    var variables: [String: String] = [:]
    for name in ["PEER_COUNT", "PEER_GROUPS"] {
      if let value = getenv(name) { variables[name] = String(cString: value) }
    }
    return variables
  }

  private static func wallNanoseconds() -> Int {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    return now.tv_sec * 1_000_000_000 + now.tv_nsec
  }

  /// One line in one system call, so that lines of several threads stay whole.
  private static func say(_ line: String, to descriptor: Int32 = 1) {
    let bytes = Array((line + "\n").utf8)
    _ = write(descriptor, bytes, bytes.count)
  }
}
