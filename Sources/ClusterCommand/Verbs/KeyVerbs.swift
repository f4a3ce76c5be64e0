import Cluster

/// The commands that read and write the store.
enum KeyVerbs {
  static let all = [get, put, delete, list, WatchVerb.command]

  private static let get = ClientCommand.make(
    "get", "print the value of a key",
    discussion: [
      "The value's bytes go to standard output as they are; on a terminal a line end follows. With "
        + "--output json: an object with the key and its value, as \"base64\" where it isn't UTF-8."
    ],
    operands: [key], examples: [.init(term: "cluster get orders/17 > order.json", meaning: "")]
  ) { arguments, shell, client in
    let isJSON = ClientCommand.wantsJSON(arguments)
    let reply = try client.reply(
      "GET", path(arguments),
      fields: ["Accept": isJSON ? "application/json" : "application/octet-stream"])
    if reply.status == 404 { return absent(arguments, shell) }
    guard reply.isSuccess else { throw client.refusal(reply) }
    if isJSON {
      shell.print(reply.text.trimmed)
    } else {
      shell.write(reply.body + (shell.isTerminal ? [UInt8(ascii: "\n")] : []))
    }
    return .success
  }

  private static let put = ClientCommand.make(
    "put", "write the value of a key",
    discussion: [
      "The write is local to the asked member and spreads from there. A value that begins with a "
        + "dash stands behind '--'."
    ],
    operands: [
      key,
      .init(
        name: "VALUE", meaning: "the value, or '-' for all of standard input", mayBeEmpty: true),
    ],
    options: [
      .init(name: "--ttl", placeholder: "SECONDS", meaning: "when the value expires"),
      .init(
        name: "--if-absent", placeholder: nil,
        meaning: "write only a key that the asked member doesn't have; no lock across members"),
    ],
    examples: [.init(term: "cluster put orders/17 - < order.json", meaning: "")]
  ) { arguments, shell, client in
    let text = arguments.operand("VALUE")
    let value = text == "-" ? try shell.read(Limits.value) : Array(text.utf8)
    guard value.count <= Limits.value else {
      shell.say("cluster put: a value has at most \(Limits.value) bytes")
      return .failure
    }
    var query: [(name: String, value: String)] = []
    if let seconds = arguments.options["--ttl"] { query.append(("ttl", seconds)) }
    var fields = ["Content-Type": "application/octet-stream"]
    if arguments.has("--if-absent") { fields["If-None-Match"] = "*" }
    let reply = try client.success(
      "PUT", path(arguments), query: query, fields: fields, body: value)
    if ClientCommand.wantsJSON(arguments) { shell.print(reply.text.trimmed) }
    return .success
  }

  private static let delete = ClientCommand.make(
    "delete", "delete a key",
    discussion: ["A key that the asked member doesn't have is not found: status 1."],
    operands: [key]
  ) { arguments, shell, client in
    let reply = try client.reply("DELETE", path(arguments))
    if reply.status == 404 { return absent(arguments, shell) }
    guard reply.isSuccess else { throw client.refusal(reply) }
    if ClientCommand.wantsJSON(arguments) { shell.print(reply.text.trimmed) }
    return .success
  }

  private static let list = ClientCommand.make(
    "list", "list the keys",
    discussion: [
      "One key a line, ordered by bytes. With --output json: an array of strings, which also tells "
        + "keys with line ends apart."
    ],
    operands: [prefix]
  ) { arguments, shell, client in
    let keys = try keys(prefix: arguments.operand("PREFIX"), client)
    if ClientCommand.wantsJSON(arguments) {
      shell.print("[" + keys.map(jsonText).joined(separator: ",") + "]")
    } else if !keys.isEmpty {
      let lines = shell.isTerminal ? Table(rows: keys.map { [$0] }).lines : keys
      shell.print(lines.joined(separator: "\n"))
    }
    return .success
  }

  static let prefix = Command.Operand(
    name: "PREFIX", meaning: "what the keys begin with (default: anything)", isRequired: false,
    mayBeEmpty: true)

  private static let key = Command.Operand(name: "KEY", meaning: "1 to 512 bytes of UTF-8")

  /// All keys that begin with `prefix`, page by page.
  static func keys(
    prefix: String, _ client: AdminClient
  ) throws(ClientError) -> [String] {
    var keys: [String] = []
    var after: String?
    repeat {
      var query: [(name: String, value: String)] = [("limit", "1000")]
      if !prefix.isEmpty { query.append(("prefix", prefix)) }
      if let after { query.append(("after", after)) }
      let reply = try client.success("GET", "/keys", query: query)
      let page = try reply.decoded(KeyPage.self, from: client.url)
      keys += page.keys
      after = page.keys.isEmpty ? nil : page.next
    } while after != nil
    return keys
  }

  /// Text as a JSON string, controls escaped.
  static func jsonText(_ text: String) -> String { escaped(text, limit: .max) }

  private static func path(_ arguments: Arguments) -> String {
    "/keys/" + percentEncoded(arguments.operand("KEY"))
  }

  private static func absent(_ arguments: Arguments, _ shell: Shell) -> ExitStatus {
    let key = quoted(arguments.operand("KEY"))
    shell.say("\(arguments.path.joined(separator: " ")): there is no key \(key)")
    return .failure
  }
}
