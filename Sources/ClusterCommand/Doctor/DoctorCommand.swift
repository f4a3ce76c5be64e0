import Cluster

/// The command that looks for the usual mistakes and says what to do about each.
enum DoctorCommand {
  static let command = Command(
    name: "doctor", summary: "look for the usual mistakes, and say what to do about each",
    discussion: [
      "It asks one member what it knows, then every member that it names, by way of the first where "
        + "they can't be reached from here, and compares what they say: size, who hears whom and "
        + "who doesn't, leaders, clocks, keys, refused packets, versions. "
        + "Where the CLUSTER_... settings of a member are set, as in its pod, it also reads them as "
        + "'node' would, looks the names up and tries the ports from there.",
      "One line each: ok, note or problem; what was looked at; what was seen; behind an arrow what to "
        + "do. It changes nothing and takes a few seconds.",
    ],
    options: [
      .init(
        name: "--members", placeholder: "URL,...",
        meaning:
          "admin HTTP of each member, where it isn't the host of its address with --url's port")
    ] + ClientCommand.commonOptions,
    environment: ClientCommand.variables + [
      .init(
        term: "CLUSTER_...", meaning: "settings of a member, as 'cluster node --help' lists them")
    ],
    exitStatuses: [
      .init(term: "0", meaning: "no problem was found"),
      .init(term: "1", meaning: "a problem was found"),
      .init(term: "2", meaning: "the asked member didn't answer, so most wasn't looked at"),
      .init(term: "64", meaning: "wrong arguments or environment"),
    ],
    examples: [
      .init(term: "kubectl exec cluster-0 -- cluster doctor", meaning: ""),
      .init(term: "cluster doctor --url http://10.0.0.5:8080 --output json", meaning: ""),
    ], run: run)

  @Sendable private static func run(
    _ arguments: Arguments, _ shell: Shell
  ) async throws -> ExitStatus {
    let client = try ClientCommand.client(arguments, shell)
    let urls = try memberURLs(arguments)
    let (expected, settings) = await SettingsCheck.run(shell.environment)
    var findings = settings
    var evidence = Evidence(expected: expected, members: [])
    var isReached = true
    do throws(ClientError) {
      evidence.members = try await Examination(asked: client.url, urls: urls).interviews()
    } catch {
      isReached = error.exitStatus != .unreachable
      findings.append(
        .problem(
          .http, "the asked member: \(error)",
          "start it, or name another member by --url; the rest needs one that answers"))
    }
    findings += Diagnosis(evidence: evidence).findings
    if ClientCommand.wantsJSON(arguments) {
      shell.print("[" + findings.map(\.json).joined(separator: ",\n ") + "]")
    } else {
      shell.print(findings.map(\.line).joined(separator: "\n"))
    }
    guard isReached else { return .unreachable }
    return findings.contains { $0.result == .problem } ? .failure : .success
  }

  private static func memberURLs(_ arguments: Arguments) throws(UsageError) -> [AdminURL] {
    guard let list = arguments.options["--members"] else { return [] }
    var urls: [AdminURL] = []
    for text in list.split(separator: ",", omittingEmptySubsequences: false).map(String.init) {
      guard let url = AdminURL(text) else {
        throw UsageError(
          path: arguments.path, problem: "option '--members': \(quoted(text)) is not accepted",
          accepted: "a list such as http://10.0.0.5:8080,http://10.0.0.6:8080",
          usage: command.usage(path: arguments.path))
      }
      urls.append(url)
    }
    return urls
  }
}
