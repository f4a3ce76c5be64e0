import Cluster

/// What all commands that ask a running member have in common.
enum ClientCommand {
  /// Creates one: the options, variables and exit statuses that they all have are added.
  static func make(
    _ name: String, _ summary: String, discussion: [String] = [],
    operands: [Command.Operand] = [], options: [Command.Option] = [],
    exitStatuses: [Command.Entry] = [], examples: [Command.Entry] = [],
    run: @escaping @Sendable (Arguments, Shell, AdminClient) throws -> ExitStatus
  ) -> Command {
    Command(
      name: name, summary: summary, discussion: discussion, operands: operands,
      options: options + commonOptions, environment: variables,
      exitStatuses: statuses + exitStatuses + [usage], examples: examples
    ) { arguments, shell in
      do {
        return try run(arguments, shell, try client(arguments, shell))
      } catch let error as ClientError {
        shell.say("\(arguments.path.joined(separator: " ")): \(error)")
        return error.exitStatus
      }
    }
  }

  /// Whether what is printed is to be JSON.
  static func wantsJSON(_ arguments: Arguments) -> Bool { arguments.options["--output"] == "json" }

  /// Prints a reply's own JSON, or what `text` makes of it.
  static func show(
    _ reply: HTTPReply, _ arguments: Arguments, _ shell: Shell,
    as text: () throws(ClientError) -> String
  ) throws(ClientError) {
    shell.print(wantsJSON(arguments) ? reply.text.trimmed : try text())
  }

  /// The most bytes that a token file has.
  private static let tokenLimit = 4_096

  static func client(_ arguments: Arguments, _ shell: Shell) throws(UsageError)
    -> AdminClient
  {
    let text = arguments.options["--url"] ?? shell.environment["CLUSTER_URL"] ?? AdminURL.fallback
    guard let url = AdminURL(text) else {
      let source = arguments.has("--url") ? "option '--url'" : "CLUSTER_URL"
      throw error(
        arguments, "\(source): \(quoted(text)) is not accepted",
        accepted: "http://HOST:PORT, such as \(AdminURL.fallback)")
    }
    return AdminClient(url: url, token: try token(arguments, shell))
  }

  private static func token(_ arguments: Arguments, _ shell: Shell) throws(UsageError) -> String? {
    let given = arguments.options["--token-file"] ?? shell.environment["CLUSTER_ADMIN_TOKEN_FILE"]
    guard let path = given else { return nil }
    let source =
      arguments.has("--token-file") ? "option '--token-file'" : "CLUSTER_ADMIN_TOKEN_FILE"
    let bytes: [UInt8]
    do throws(SystemError) {
      bytes = try shell.readFile(path, tokenLimit)
    } catch {
      throw self.error(arguments, "\(source): \(error)", accepted: "a file that can be read")
    }
    let token = String(decoding: bytes, as: UTF8.self).trimmed
    guard !token.isEmpty, bytes.count <= tokenLimit,
      token.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
    else {
      throw self.error(
        arguments, "\(source): \(quoted(path)) holds no bearer token",
        accepted: "a file with one line of visible ASCII, at most \(tokenLimit) bytes")
    }
    return token
  }

  private static func error(
    _ arguments: Arguments, _ problem: String, accepted: String
  ) -> UsageError {
    UsageError(
      path: arguments.path, problem: problem, accepted: accepted,
      usage: arguments.path.joined(separator: " ") + " ... [options]")
  }

  static let commonOptions: [Command.Option] = [
    .init(
      name: "--url", placeholder: "URL",
      meaning: "a member's admin HTTP (default: CLUSTER_URL, else \(AdminURL.fallback))"),
    .init(
      name: "--token-file", placeholder: "FILE",
      meaning: "the bearer token for changes (default: CLUSTER_ADMIN_TOKEN_FILE, else none)"),
    output,
  ]

  /// The option that chooses between a table and JSON.
  static let output = Command.Option(
    name: "--output", placeholder: "FORMAT", meaning: "'table' for people (default) or 'json'",
    choices: ["table", "json"])

  static let variables: [Command.Entry] = [
    .init(term: "CLUSTER_URL", meaning: "which member is asked, as --url"),
    .init(term: "CLUSTER_ADMIN_TOKEN_FILE", meaning: "a file with the token, as --token-file"),
  ]

  private static let statuses: [Command.Entry] = [
    .init(term: "0", meaning: "done"), .init(term: "1", meaning: "refused, or not found"),
    .init(term: "2", meaning: "no member answered within 5 seconds"),
  ]

  private static let usage = Command.Entry(term: "64", meaning: "wrong arguments or environment")
}

extension String {
  /// The text without white space at its ends.
  var trimmed: String {
    let isSpace: (Character) -> Bool = { $0.isWhitespace }
    return String(drop(while: isSpace).reversed().drop(while: isSpace).reversed())
  }
}
