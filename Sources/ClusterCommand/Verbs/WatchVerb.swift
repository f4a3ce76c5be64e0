import Cluster
import FoundationEssentials
import Glibc

/// The command that shows changes of the store as they come.
enum WatchVerb {
  /// The most keys that are watched: each is asked for in every round.
  static let keyLimit = 1_000

  static let command = ClientCommand.make(
    "watch", "show keys and values as they change, until interrupted",
    discussion: [
      "One line each: first 'present' for every key that is there, then 'written' and 'deleted'. "
        + "With --output json: one object a line. A value that isn't UTF-8 is shown in base64.",
      "The member is asked once a second. Of several writes of a key within that time the last one "
        + "is shown, and a key that was written and deleted within it is not. At most 1000 keys are "
        + "watched; a longer prefix makes them fewer.",
    ],
    operands: [KeyVerbs.prefix]
  ) { arguments, shell, client in
    var watch = Watch()
    while true {
      let keys = try KeyVerbs.keys(
        prefix: arguments.operand("PREFIX"), limit: keyLimit, client)
      guard keys.count <= keyLimit else {
        shell.say("cluster watch: more than \(keyLimit) keys; give a longer PREFIX")
        return .failure
      }
      let changes = try watch.round(keys) { key, tag throws(ClientError) in
        try answer(key, tag, client)
      }
      for change in changes {
        shell.print(ClientCommand.wantsJSON(arguments) ? change.json : change.line)
      }
      sleep(1)
    }
  }

  private static func answer(
    _ key: String, _ tag: String?, _ client: AdminClient
  ) throws(ClientError) -> Watch.Answer {
    var fields = ["Accept": "application/octet-stream"]
    if let tag { fields["If-None-Match"] = tag }
    let reply = try client.reply("GET", "/keys/" + percentEncoded(key), fields: fields)
    switch reply.status {
    case 304: return .same
    case 404: return .absent
    case 200: return .value(reply.body, tag: reply.fields["etag"])
    default: throw client.refusal(reply)
    }
  }
}

/// What was seen of the watched keys, and what changed since.
struct Watch {
  /// What a member says of one key.
  enum Answer: Hashable {
    /// It is what it was when it had the tag.
    case same
    /// It isn't there any more.
    case absent
    /// Its value, and the tag to ask with next time.
    case value([UInt8], tag: String?)
  }

  /// One change of one key.
  struct Change: Hashable {
    /// `present`, `written` or `deleted`.
    var kind: String
    var key: String
    /// None when it was deleted.
    var value: [UInt8]?
  }

  private struct Seen {
    var value: [UInt8]
    var tag: String?
  }

  private var seen: [String: Seen]?

  /// Compares what is there now with what was.
  ///
  /// - Parameters:
  ///   - keys: The keys that are there now.
  ///   - ask: Asks for one key, with the tag that it had.
  /// - Returns: What changed, ordered by key.
  mutating func round(
    _ keys: [String], ask: (_ key: String, _ tag: String?) throws(ClientError) -> Answer
  ) throws(ClientError) -> [Change] {
    let before = seen ?? [:]
    var now: [String: Seen] = [:]
    var changes: [Change] = []
    for key in keys {
      let old = before[key]
      switch try ask(key, old?.tag) {
      case .same: now[key] = old
      case .absent: continue
      case .value(let value, let tag):
        now[key] = Seen(value: value, tag: tag)
        // Another tag with the same value is a write too; without tags only the value tells.
        guard old == nil || tag != old?.tag || value != old?.value else { continue }
        changes.append(Change(kind: seen == nil ? "present" : "written", key: key, value: value))
      }
    }
    for key in before.keys where now[key] == nil {
      changes.append(Change(kind: "deleted", key: key, value: nil))
    }
    seen = now
    return changes.sorted { $0.key < $1.key }
  }
}

extension Watch.Change {
  /// The change for people.
  var line: String {
    Table(rows: [[kind, key] + (value.map { [text($0) ?? base64($0)] } ?? [])]).text
  }

  /// The change as a JSON object.
  var json: String {
    var members = [("kind", kind), ("key", key)]
    if let value {
      members.append(text(value).map { ("value", $0) } ?? ("base64", base64(value)))
    }
    return "{" + members.map { "\"\($0)\":" + KeyVerbs.jsonText($1) }.joined(separator: ",") + "}"
  }

  private func text(_ bytes: [UInt8]) -> String? { String(validating: bytes, as: UTF8.self) }

  private func base64(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }
}
