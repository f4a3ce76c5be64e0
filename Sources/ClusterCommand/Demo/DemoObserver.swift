import Cluster
import Dispatch
import Glibc
import Synchronization

/// Watches a demonstration from outside, as its members' admin HTTP shows it.
///
/// It asks all members, since after a cut no single one knows of both sides; those that see the same
/// are shown as one. It has a thread of its own: its questions wait, and their answers come from this
/// very process.
final class DemoObserver: Sendable {
  private let plan: DemoPlan
  private let print: @Sendable (String) -> Void
  private let isStopped = Atomic<Bool>(false)

  /// Creates an observer; `print` takes a line whenever something changed.
  init(_ plan: DemoPlan, print: @escaping @Sendable (String) -> Void) {
    self.plan = plan
    self.print = print
  }

  /// Starts to watch.
  func start() { DispatchQueue(label: "demo observer").async { [self] in watch() } }

  /// Ends the watch after at most one more round.
  func stop() { isStopped.store(true, ordering: .relaxed) }

  private func watch() {
    var last = ""
    // Only this thread asks, and whatever it gets it prints; no order with other memory matters.
    while !isStopped.load(ordering: .relaxed) {
      let views = plan.nodes.map { node in (name: node.name, info: Self.info(of: node)) }
      let line = Self.line(views)
      if line != last, !isStopped.load(ordering: .relaxed) { print(line) }
      last = line
      usleep(250_000)
    }
  }

  private static func info(of node: DemoPlan.Node) -> ClusterInfo? {
    guard let url = AdminURL(node.url) else { return nil }
    let client = AdminClient(url: url, token: nil)
    return try? client.success("GET", "/").decoded(ClusterInfo.self, from: url)
  }

  /// What the members see, in a line: each different view once, with those who have it.
  static func line(_ views: [(name: String, info: ClusterInfo?)]) -> String {
    var sides: [(view: String, names: [String])] = []
    for (name, info) in views {
      guard let info else { continue }
      let leader = info.leader.map { "\($0) leads" } ?? "nobody leads"
      let view = "\(info.state), \(info.nodes.count) of \(info.size) live, \(leader)"
      if let index = sides.firstIndex(where: { $0.view == view }) {
        sides[index].names.append(name)
      } else {
        sides.append((view, [name]))
      }
    }
    if sides.isEmpty { return "no member answers" }
    if sides.count == 1 { return sides[0].view }
    return sides.map { "\($0.names.joined(separator: " ")): \($0.view)" }.joined(separator: " | ")
  }
}
