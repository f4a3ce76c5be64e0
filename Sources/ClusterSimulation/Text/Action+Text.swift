import ClusterCore

extension Action: CustomStringConvertible {
  /// The action as a line of a scenario's text says it, after `at TIME`.
  var description: String {
    switch self {
    case .partition(let groups): Self.text(groups.filter { !$0.isEmpty })
    case .heal: "heal"
    case .cut(let from, let to): "cut \(from) -> \(to)"
    case .mend(let from, let to): "mend \(from) -> \(to)"
    case .clog(let from, let to): "clog \(from) -> \(to)"
    case .unclog(let from, let to): "unclog \(from) -> \(to)"
    case .sever(let a, let b): "sever \(a) <-> \(b)"
    case .drift(let node, let perMillion):
      "drift \(node) \(perMillion < 0 ? "" : "+")\(perMillion)ppm"
    case .move(let node): "move \(node)"
    case .upgrade(let node): "upgrade \(node)"
    case .link(let a, let b, let link): "link \(a) <-> \(b) \(link.text)"
    case .links(let link): "link \(link.text)"
    case .crash(let node, let silently): "crash \(node)" + (silently ? " silently" : "")
    case .restart(let node, let keepingDisk): "restart \(node)" + (keepingDisk ? " disk kept" : "")
    case .duplicate(let node): "duplicate \(node)"
    case .pause(let node, let span): "pause \(node) for \(ScenarioWord.span(span.nanoseconds))"
    case .skew(let node, let milliseconds):
      "skew \(node) \(milliseconds < 0 ? "" : "+")\(milliseconds)ms"
    case .put(let key, let value, let node):
      "put \(ScenarioWord.text(key)) \(ScenarioWord.bytes(value)) at \(node)"
    case .fill(let prefix, let count, let size, let node):
      "fill \(ScenarioWord.text(prefix)) count \(count) size \(size) at \(node)"
    case .delete(let key, let node): "delete \(ScenarioWord.text(key)) at \(node)"
    case .command(let node, .setRecovery(let recovery)):
      "recovery \(recovery == .automatic ? "auto" : "manual") at \(node)"
    case .command(let node, .join(let ordinal)): "join \(ordinal) at \(node)"
    case .command(let node, .dismiss(let ordinal, let how)):
      "dismiss \(ordinal) \(how == .halt ? "halt" : "disconnect") at \(node)"
    case .command(let node, .recover(let decision, _)):
      "recover \(decision.rawValue) at \(node)"
    case .command(let node, .leave): "leave \(node)"
    case .command(let node, .disconnect): "disconnect \(node)"
    case .command(let node, .rejoin): "rejoin \(node)"
    case .commandLowest(.setRecovery(let recovery)):
      "recovery \(recovery == .automatic ? "auto" : "manual")"
    case .commandLowest(let command): "\(command)"
    }
  }

  /// A partition. One side alone stands before a bar: it is apart from whoever isn't named.
  private static func text(_ groups: [[Int]]) -> String {
    let sides = groups.map(ScenarioWord.list)
    return "partition " + (sides.count == 1 ? sides[0] + " |" : sides.joined(separator: " | "))
  }
}

extension Link {
  /// The link as a scenario's text says it, after `link`.
  var text: String {
    var parts = ["latency " + latency.text]
    for (name, share) in [
      ("loss", loss), ("duplicate", duplicate), ("reorder", reorder), ("corrupt", corrupt),
    ] where !share.isZero { parts.append("\(name) \(ScenarioWord.share(share))") }
    if bytesPerSecond != Link().bytesPerSecond { parts.append("bandwidth \(bytesPerSecond)") }
    return parts.joined(separator: " ")
  }
}

extension Latency {
  /// The distribution as a scenario's text says it.
  var text: String {
    switch self {
    case .constant(let delay): ScenarioWord.span(delay)
    case .uniform(let low, let high):
      "uniform \(ScenarioWord.span(low)) \(ScenarioWord.span(high))"
    case .exponential(let mean, let minimum):
      "exp \(ScenarioWord.span(mean))"
        + (minimum > .zero ? " min \(ScenarioWord.span(minimum))" : "")
    }
  }
}
