import Cluster

/// The command that shows a whole cluster on one machine.
enum DemoCommand {
  static let command = Command(
    name: "demo", summary: "run a whole cluster on this machine",
    discussion: [
      "Each member is a real one with ports of its own, on loopback. What they see is printed "
        + "whenever it changes. The dashboard at the first HTTP address cuts and heals the network "
        + "between them. Ctrl-C makes all of them leave.",
      "Ports count up from the given ones; those that are taken are passed over. With --processes "
        + "each member is a process, which can be stopped or killed to see what the others do; its "
        + "dashboard has no buttons for the network then, since the filter that they set stands "
        + "between members of one process.",
    ],
    options: [
      .init(name: "--nodes", placeholder: "N", meaning: "number of members (default: 5)"),
      .init(name: "--processes", placeholder: nil, meaning: "a process for each member"),
      .init(name: "--port", placeholder: "PORT", meaning: "first cluster port (default: 7946)"),
      .init(name: "--http-port", placeholder: "PORT", meaning: "first HTTP port (default: 8080)"),
    ],
    environment: [
      .init(term: "CLUSTER_LOG_LEVEL", meaning: "of every member (default: warning)")
    ],
    exitStatuses: [
      .init(term: "0", meaning: "ended by Ctrl-C or SIGTERM"), .init(term: "1", meaning: "failed"),
      .init(term: "64", meaning: "wrong arguments"),
    ],
    examples: [.init(term: "cluster demo --nodes 3 --processes", meaning: "")], run: run)

  @Sendable private static func run(
    _ arguments: Arguments, _ shell: Shell
  ) async throws -> ExitStatus {
    let count = try number("--nodes", arguments, 1...DemoPlan.limit) ?? 5
    let port = try number("--port", arguments, 1...65_535) ?? ClusterConfiguration.defaultPort
    let http =
      try number("--http-port", arguments, 1...65_535)
      ?? ClusterConfiguration.defaultHTTPPort
    guard
      let plan = DemoPlan(count: count, port: port, httpPort: http, isFree: LoopbackPort.isFree)
    else {
      shell.say("cluster demo: there are not enough free ports from \(port) and \(http) on")
      return .failure
    }
    let signals = try Signals.requestsToEnd()
    for node in plan.nodes {
      shell.say("\(node.name): cluster port \(node.port), \(node.url)")
    }
    shell.say("Ctrl-C ends it; try: cluster status --url \(plan.nodes[0].url)")
    let observer = DemoObserver(plan) { shell.print($0) }
    observer.start()
    defer { observer.stop() }
    if arguments.has("--processes") {
      return try await DemoProcesses.run(plan, shell, until: signals)
    }
    let links = DemoLinks(plan)
    let configurations = try plan.configurations(environment: shell.environment)
    let members = try zip(configurations, links.filters).map { configuration, filter in
      try LocalMember.make(configuration, filter: filter, demo: links)
    }
    try await GracefulRun.run(members, until: signals)
    return .success
  }

  private static func number(
    _ option: String, _ arguments: Arguments, _ range: ClosedRange<Int>
  ) throws(UsageError) -> Int? {
    guard let text = arguments.options[option] else { return nil }
    guard let number = Int(text), range.contains(number) else {
      throw UsageError(
        path: arguments.path, problem: "option '\(option)': \(quoted(text)) is not accepted",
        accepted: "a whole number from \(range.lowerBound) to \(range.upperBound)",
        usage: command.usage(path: arguments.path))
    }
    return number
  }
}
