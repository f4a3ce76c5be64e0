import Cluster
import FoundationEssentials

/// The command that shows what happens in the cluster as it happens.
enum EventsVerb {
  static let command = ClientCommand.make(
    "events", "show what happens in the cluster, until interrupted",
    discussion: [
      "One line each, as the asked member sees it: members that come, are suspected and go, who "
        + "leads, partitions and how they heal, what happens to the store. With --output json: one "
        + "object a line, with all that is known of the event.",
      "A lost connection is taken up again behind the last event that came. A member keeps the last "
        + "1024; 'reset' says that some are missing.",
    ],
    options: [
      .init(
        name: "--after", placeholder: "ID",
        meaning: "begin behind this event; 0 for all that the member still knows"),
      .init(
        name: "--type", placeholder: "NAME", meaning: "only these, such as 'leaderChanged'"),
      FeedOptions.count,
    ],
    examples: [
      .init(term: "cluster events --after 0", meaning: ""),
      .init(term: "cluster events --type partitionSuspected --count 1", meaning: ""),
    ]
  ) { arguments, shell, client in
    let type = arguments.options["--type"]
    var left = try FeedOptions.count(arguments)
    var feed = EventFeed(client, "/events", after: arguments.options["--after"] ?? "")
    try feed.run(lost: FeedOptions.saying(arguments, shell)) { event in
      guard type == nil || type == event.name else { return true }
      shell.print(
        ClientCommand.wantsJSON(arguments)
          ? EventLine(event).json : EventLine(event).columns.joined(separator: "  "))
      left = left.map { $0 - 1 }
      return left != 0
    }
    return .success
  }
}

/// One event of the cluster's, for people or programs.
struct EventLine {
  private let event: ServerSentEvent

  private struct Summary: Decodable {
    var time: String?
    var level: String?
    var message: String?
  }

  /// Takes an event as the member sent it.
  init(_ event: ServerSentEvent) { self.event = event }

  /// When, how grave, what: free of anything that a terminal would act upon.
  var columns: [String] {
    let summary = try? JSONDecoder().decode(Summary.self, from: Data(event.data.utf8))
    let words = summary?.message ?? (event.data == "{}" ? event.name : event.data)
    let level = summary?.level?.padded(to: LogLevel.warning.rawValue.count) ?? ""
    let columns = [summary?.time ?? "", level, words].filter { !$0.isEmpty }
    return columns.map { String(escaped($0, limit: 1_000).dropFirst().dropLast()) }
  }

  /// The member's own object with the event's id and name before the rest, on one line.
  var json: String {
    let head = "{\"id\":\(escaped(event.id)),\"event\":\(escaped(event.name))"
    let body = event.data.split(whereSeparator: \.isNewline).joined(separator: " ").trimmed
    guard body.hasPrefix("{"), body.hasSuffix("}") else {
      return head + ",\"data\":\(escaped(body, limit: .max))}"
    }
    let rest = String(body.dropFirst()).trimmed
    return head + (rest == "}" ? "" : ",") + rest
  }
}

/// What the commands that show a feed have in common.
enum FeedOptions {
  /// The option that ends a feed by itself.
  static let count = Command.Option(
    name: "--count", placeholder: "N", meaning: "end with status 0 after so many lines")

  /// How many lines are wanted; none for all.
  static func count(_ arguments: Arguments) throws(UsageError) -> Int? {
    guard let text = arguments.options[count.name] else { return nil }
    guard text.utf8.count <= 9, let number = Int(text), number > 0 else {
      throw UsageError(
        path: arguments.path, problem: "option '\(count.name)': \(quoted(text)) is not accepted",
        accepted: "a whole number from 1 to 999999999",
        usage: arguments.path.joined(separator: " ") + " ... [options]")
    }
    return number
  }

  /// Says that a feed was lost and is asked for again.
  static func saying(_ arguments: Arguments, _ shell: Shell) -> (String) -> Void {
    { reason in
      shell.say("\(arguments.path.joined(separator: " ")): \(reason); asking again")
    }
  }
}

extension String {
  /// The text with spaces behind it, up to a width.
  fileprivate func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}
