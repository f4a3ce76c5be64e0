/// The part of `cluster recover` that looks at groups that are apart, or decides about them.
enum RecoveryVerb {
  /// What a member answers of what is pending.
  private struct Pending: Decodable {
    struct Group: Decodable {
      var members: [String]
      var onlyHere: [String]
      var onlyThere: [String]
      var inConflict: [String]
      var complete: Bool
    }

    var recovery: String
    var groups: [Group]
  }

  /// Does what one of the options asks for; none when none of them is there.
  static func run(
    _ arguments: Arguments, _ shell: Shell, _ client: AdminClient
  ) throws(ClientError) -> ExitStatus? {
    let decisions = ["merge", "keep-local", "adopt-remote"].filter { arguments.has("--" + $0) }
    let isPreview = arguments.has("--pending")
    guard !decisions.isEmpty || isPreview else { return nil }
    guard decisions.count + (isPreview ? 1 : 0) == 1, arguments.operands["MODE"] == nil else {
      shell.say(
        "cluster recover: give a mode, or one of --pending, --merge, --keep-local and "
          + "--adopt-remote")
      return .usage
    }
    let reply =
      if let decision = decisions.first {
        try client.success("POST", "/recovery", query: [("decision", decision)])
      } else {
        try client.success("GET", "/recovery")
      }
    try ClientCommand.show(reply, arguments, shell) { () throws(ClientError) in
      text(of: try reply.decoded(Pending.self, from: client.url))
    }
    return .success
  }

  private static func text(of pending: Pending) -> String {
    var rows: [[String]] = []
    for group in pending.groups {
      let name = group.members.joined(separator: ",")
      let kinds = [
        ("only here", group.onlyHere), ("only there", group.onlyThere),
        ("conflict", group.inConflict),
      ]
      for (kind, keys) in kinds { rows += keys.map { [name, kind, $0] } }
      if kinds.allSatisfy({ $0.1.isEmpty }) { rows.append([name, "none", ""]) }
      if !group.complete { rows.append([name, "more", "..."]) }
    }
    return Table(header: ["GROUP", "DIFFERENCE", "KEY"], rows: rows).text
  }
}
