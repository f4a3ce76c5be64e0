import Cluster
import FoundationEssentials

/// The command that shows changes of the store as they come.
enum WatchVerb {
  static let command = ClientCommand.make(
    "watch", "show keys and values as they change, until interrupted",
    discussion: [
      "One line each: first 'present' for every key that is there, then 'written', 'deleted' and "
        + "'expired'. With --output json: one object a line, with the member that made the change "
        + "and whether it met another one. A value that isn't UTF-8 is shown in base64.",
      "A lost connection is taken up again behind the last change that came. Where the member no "
        + "longer knows what came since, 'reset' is said and all keys that are there come anew.",
    ],
    operands: [KeyVerbs.prefix], options: [FeedOptions.count],
    examples: [.init(term: "cluster watch orders/ --output json", meaning: "")]
  ) { arguments, shell, client in
    var left = try FeedOptions.count(arguments)
    let prefix = arguments.operand("PREFIX")
    let target = "/keys?watch" + (prefix.isEmpty ? "" : "&prefix=" + percentEncoded(prefix))
    var watch = Watch()
    var feed = EventFeed(client, target)
    var failure: String?
    try feed.run(lost: FeedOptions.saying(arguments, shell)) { event in
      let change: Watch.Change?
      do { change = try watch.change(event) } catch {
        failure = "\(client.url) doesn't answer as a member does: expected a change of a key"
        return false
      }
      guard let change else { return true }
      shell.print(ClientCommand.wantsJSON(arguments) ? change.json : change.line)
      left = left.map { $0 - 1 }
      return left != 0
    }
    guard let failure else { return .success }
    shell.say("cluster watch: \(failure)")
    return .failure
  }
}

/// Reads a member's changes of keys, and tells what was there from what happened.
struct Watch {
  /// One change of one key.
  struct Change: Hashable {
    /// `present`, `written`, `deleted`, `expired`; `reset`, which has no key.
    var kind: String
    var key: String?
    /// The value; none when it is gone.
    var value: [UInt8]?
    /// The member that made it, where that is known.
    var origin: String?
    /// Whether it met another change that hadn't seen it.
    var isConflict = false
  }

  private struct Message: Decodable {
    var key: String?
    var value: String?
    var base64: String?
    var origin: String?
    var conflict: Bool?
  }

  /// Whether what comes was there before.
  private var isSnapshot = true

  /// The change that an event tells; none for one that only marks the end of what was there.
  ///
  /// - Throws: That the event isn't one.
  mutating func change(_ event: ServerSentEvent) throws -> Change? {
    switch event.name {
    case "snapshotEnd":
      isSnapshot = false
      return nil
    case "reset":
      isSnapshot = true
      return Change(kind: "reset")
    default:
      let message = try JSONDecoder().decode(Message.self, from: Data(event.data.utf8))
      let bytes = message.base64.flatMap { Data(base64Encoded: $0) }.map(Array.init)
      return Change(
        kind: isSnapshot && event.name == "written" ? "present" : event.name, key: message.key,
        value: bytes ?? message.value.map { Array($0.utf8) }, origin: message.origin,
        isConflict: message.conflict ?? false)
    }
  }
}

extension Watch.Change {
  /// The change for people.
  var line: String {
    let cells = [kind] + [key, value.map { text($0) ?? base64($0) }].compactMap { $0 }
    return Table(rows: [cells]).text
  }

  /// The change as a JSON object.
  var json: String {
    var members = ["\"kind\":" + KeyVerbs.jsonText(kind)]
    if let key { members.append("\"key\":" + KeyVerbs.jsonText(key)) }
    if let value {
      members.append(
        text(value).map { "\"value\":" + KeyVerbs.jsonText($0) }
          ?? "\"base64\":\"\(base64(value))\"")
    }
    if let origin { members.append("\"origin\":" + KeyVerbs.jsonText(origin)) }
    if isConflict { members.append("\"conflict\":true") }
    return "{" + members.joined(separator: ",") + "}"
  }

  private func text(_ bytes: [UInt8]) -> String? { String(validating: bytes, as: UTF8.self) }

  private func base64(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }
}
