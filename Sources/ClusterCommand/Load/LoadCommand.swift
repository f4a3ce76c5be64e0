import Cluster
import ClusterCore

/// The command that runs one member which also writes: to see what a cluster on this hardware bears.
enum LoadCommand {
  static let command = Command(
    name: "load", summary: "run one member that writes all the time, for soak tests",
    discussion: [
      "It is 'cluster node', with the same options, and a writer inside the member: puts and deletes "
        + "of a set of keys at a steady rate, as a backend that embeds the library makes them. Point "
        + "it at a cluster of its own: it writes keys that begin with 'load/'.",
      "What it did is in its metrics, and in its last line on standard error.",
    ],
    options: own + NodeOptions.all, environment: NodeOptions.variables,
    exitStatuses: [
      .init(term: "0", meaning: "left the cluster as it was asked to"),
      .init(term: "1", meaning: "failed"),
      .init(term: "64", meaning: "wrong arguments or configuration"),
    ],
    examples: [
      .init(
        term: "cluster load --name a-0 --peers 127.0.0.1:7946,127.0.0.1:7947",
        meaning: "")
    ], run: run)

  private static let own: [Command.Option] = [
    .init(name: "--rate", placeholder: "N", meaning: "writes a second (default: 1000)"),
    .init(name: "--keys", placeholder: "N", meaning: "how many keys (default: 10000)"),
    .init(name: "--value-bytes", placeholder: "N", meaning: "size of a value (default: 100)"),
    .init(name: "--deletes", placeholder: "N", meaning: "deletes in a hundred (default: 40)"),
    .init(
      name: "--concern", placeholder: "WHO",
      meaning: "puts one key after the other and waits until 'majority', 'all' or so many have it"),
    .init(
      name: "--minority", placeholder: "POLICY",
      meaning: "what a member that sees no majority does (default: readWrite)",
      choices: MinorityPolicy.allCases.map(\.rawValue)),
  ]

  @Sendable private static func run(
    _ arguments: Arguments, _ shell: Shell
  ) async throws -> ExitStatus {
    do {
      var configuration = try NodeOptions.configuration(arguments, shell.environment)
      let minority = arguments.options["--minority"].flatMap(MinorityPolicy.init)
      configuration.minority = minority ?? .readWrite
      let concern = try concern(arguments)
      let load = Load(
        rate: try number("--rate", 1_000, in: 1...10_000_000, arguments),
        keys: try number("--keys", 10_000, in: 1...10_000_000, arguments),
        valueBytes: try number("--value-bytes", 100, in: 0...Limits.value, arguments),
        deletes: try number("--deletes", 40, in: 0...100, arguments))
      let signals = try Signals.requestsToEnd()
      let member = try LocalMember.make(configuration)
      let writer = Task {
        guard let cluster = member.cluster else { return (written: 0, refused: 0) }
        if let concern { return await load.run(on: cluster, concern: concern, say: shell.say) }
        return await load.run(on: cluster)
      }
      try await GracefulRun.run([member], until: signals)
      writer.cancel()
      let (written, refused) = await writer.value
      shell.say("cluster load: \(written) writes, \(refused) refused")
      return .success
    } catch let error as ConfigurationError {
      shell.say(NodeOptions.line(error, arguments))
      return .usage
    } catch let error as UsageError {
      throw error
    } catch {
      shell.say("cluster load: \(error)")
      return .failure
    }
  }

  private static func concern(_ arguments: Arguments) throws(UsageError) -> WriteConcern? {
    switch arguments.options["--concern"] {
    case nil: return nil
    case "majority": return .majority
    case "all": return .all
    default: return .count(try number("--concern", 1, in: 1...Limits.members, arguments))
    }
  }

  private static func number(
    _ name: String, _ fallback: Int, in range: ClosedRange<Int>, _ arguments: Arguments
  ) throws(UsageError) -> Int {
    guard let text = arguments.options[name] else { return fallback }
    guard let number = Int(text), range.contains(number) else {
      throw UsageError(
        path: arguments.path, problem: "option '\(name)': \(quoted(text)) is not accepted",
        accepted: "a whole number from \(range.lowerBound) to \(range.upperBound)",
        usage: arguments.path.joined(separator: " ") + " [options]")
    }
    return number
  }
}
