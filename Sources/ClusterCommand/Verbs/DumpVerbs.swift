import Cluster

/// The commands that take a store out of a cluster and put it into one.
enum DumpVerbs {
  static let all = [export, importing]

  /// After so many keys a word on progress goes to standard error.
  private static let progress = 10_000
  /// The largest dump that is read, in bytes.
  static let limit = 4 << 30

  private static let export = ClientCommand.make(
    "export", "write all keys and values to standard output, as a dump",
    discussion: [
      "The dump is JSON lines: a header, one object for each key, and a last line that counts them. "
        + "Values that aren't UTF-8 stand in it as \"base64\"; those that end by themselves have "
        + "\"expires\", in milliseconds since 1970. 'cluster import' reads it.",
      "The asked member goes on meanwhile: each value is the one that it had when its turn came.",
    ],
    operands: [KeyVerbs.prefix],
    examples: [.init(term: "cluster export > store.jsonl", meaning: "")]
  ) { arguments, shell, client in
    let prefix = arguments.operand("PREFIX")
    shell.write(DumpFormat.header(prefix: prefix))
    var count = 0
    for key in try KeyVerbs.keys(prefix: prefix, client) {
      let reply = try client.reply(
        "GET", "/keys/" + percentEncoded(key), fields: ["Accept": "application/octet-stream"])
      if reply.status == 404 { continue }
      guard reply.isSuccess else { throw client.refusal(reply) }
      let expires = reply.fields["cluster-expires"].flatMap(UInt64.init)
      shell.write(DumpFormat.line(.init(key: key, value: reply.body, expires: expires)))
      count += 1
      if count % progress == 0 { shell.say("cluster export: \(count) keys so far") }
    }
    shell.write(DumpFormat.end(count))
    shell.say("cluster export: \(count) keys")
    return .success
  }

  private static let importing = ClientCommand.make(
    "import", "write the keys and values of a dump",
    discussion: [
      "Reads a dump of 'cluster export' from standard input and writes it to the asked member, key by "
        + "key, as any client would: the other members get it from there, and keys that aren't in the "
        + "dump stay. A dump that is cut off or wrong anywhere is refused before anything is written. "
        + "Values whose time has come meanwhile are left out.",
      "When a write is refused, what was written before it stays; importing again does no harm.",
    ],
    options: [
      .init(
        name: "--if-absent", placeholder: nil, meaning: "leave keys alone that the member has")
    ],
    examples: [.init(term: "cluster import < store.jsonl", meaning: "")]
  ) { arguments, shell, client in
    let entries: [DumpFormat.Entry]
    do throws(DumpFormat.Failure) {
      entries = try DumpFormat.entries(of: try read(shell))
    } catch {
      shell.say("cluster import: \(error)")
      return .failure
    }
    var (written, left) = (0, 0)
    for entry in entries {
      switch try write(entry, ifAbsent: arguments.has("--if-absent"), client) {
      case true: written += 1
      case false: left += 1
      }
      if (written + left) % progress == 0 {
        shell.say("cluster import: \(written + left) of \(entries.count) keys so far")
      }
    }
    shell.say("cluster import: \(written) keys written, \(left) left out")
    return .success
  }

  private static func read(_ shell: Shell) throws(DumpFormat.Failure) -> [UInt8] {
    do throws(SystemError) {
      let bytes = try shell.read(limit)
      guard bytes.count <= limit else {
        throw SystemError("read a dump of more than \(limit) bytes", code: 27)
      }
      return bytes
    } catch {
      throw DumpFormat.Failure(line: 0, problem: "\(error)")
    }
  }

  private static func write(
    _ entry: DumpFormat.Entry, ifAbsent: Bool, _ client: AdminClient
  ) throws(ClientError) -> Bool {
    var fields = ["Content-Type": "application/octet-stream"]
    if ifAbsent { fields["If-None-Match"] = "*" }
    var query: [(name: String, value: String)] = []
    if let expires = entry.expires {
      let now = Clock.now().wallMilliseconds
      guard expires > now else { return false }
      query.append(("ttl", String((expires - now + 999) / 1_000)))
    }
    let reply = try client.reply(
      "PUT", "/keys/" + percentEncoded(entry.key), query: query, fields: fields, body: entry.value)
    if ifAbsent, reply.status == 412 { return false }
    guard reply.isSuccess else { throw client.refusal(reply) }
    return true
  }
}
