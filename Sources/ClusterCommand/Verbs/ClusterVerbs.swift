/// The commands that ask about the cluster, or change who belongs to it.
enum ClusterVerbs {
  static let all = [
    status, members, leader, EventsVerb.command, DoctorCommand.command, recover, join, leave, halt,
  ]

  private static let status = ClientCommand.make(
    "status", "show the cluster as one member sees it",
    discussion: [
      "Green: all expected members are live. Red: the asked member is alone, of more than one. "
        + "Yellow: what lies between."
    ],
    options: [
      .init(name: "--check", placeholder: nil, meaning: "end with status 3 unless it is green")
    ],
    exitStatuses: [.init(term: "3", meaning: "not green, with --check")],
    examples: [.init(term: "cluster status --check --output json", meaning: "")]
  ) { arguments, shell, client in
    let reply = try client.success("GET", "/")
    let info = try reply.decoded(ClusterInfo.self, from: client.url)
    try ClientCommand.show(reply, arguments, shell) { info.table.text }
    guard arguments.has("--check"), info.state != "green" else { return .success }
    shell.say("cluster status: the cluster is not green")
    return .notGreen
  }

  private static let members = ClientCommand.make(
    "members", "list the expected members and what is believed of them",
    discussion: [
      "A member is alive, suspect (silent; still counted as live), dead, left, or unknown (never "
        + "heard of). Its boot is a number that grows with each start of its process."
    ]
  ) { arguments, shell, client in
    let reply = try client.success("GET", "/members")
    try ClientCommand.show(reply, arguments, shell) { () throws(ClientError) in
      try reply.decoded(MemberList.self, from: client.url).table.text
    }
    return .success
  }

  private static let leader = ClientCommand.make(
    "leader", "show who leads",
    discussion: [
      "Prints the leader's name. A leader is provisional until the members agree; a word on "
        + "standard error says so. In a partition each side may have a leader of its own."
    ]
  ) { arguments, shell, client in
    // A member that doesn't lead answers 503, with the same body: that is for proxies.
    let reply = try client.reply("GET", "/leader")
    guard reply.isSuccess || reply.status == 503 else { throw client.refusal(reply) }
    let detail = try reply.decoded(LeaderDetail.self, from: client.url)
    if ClientCommand.wantsJSON(arguments) { shell.print(reply.text.trimmed) }
    guard let name = detail.leader else {
      shell.say("cluster leader: nobody leads")
      return .failure
    }
    if !ClientCommand.wantsJSON(arguments) { shell.print(Table(rows: [[name]]).text) }
    if !detail.confirmed { shell.say("cluster leader: provisional, the members don't agree yet") }
    return .success
  }

  private static let recover = ClientCommand.make(
    "recover", "set what happens when a partition heals, or decide",
    discussion: [
      "auto: the sides merge at once. It also ends every disconnect: the asked member contacts all "
        + "expected ones and brings them back. manual: the sides stay apart until an operator joins "
        + "them, or decides.",
      "In manual recovery --pending shows the keys in which groups that are apart differ. --merge "
        + "makes one of them and merges what was written. --keep-local lets the asked member's side "
        + "stand and undoes what the others wrote; --adopt-remote does it the other way round.",
    ],
    operands: [
      .init(
        name: "MODE", meaning: "'auto' (default) or 'manual'", isRequired: false,
        choices: ["auto", "manual"])
    ],
    options: [
      .init(name: "--pending", placeholder: nil, meaning: "show what is pending, decide nothing"),
      .init(name: "--merge", placeholder: nil, meaning: "merge the groups that are apart"),
      .init(
        name: "--keep-local", placeholder: nil, meaning: "let the asked member's side stand"),
      .init(name: "--adopt-remote", placeholder: nil, meaning: "let the other side stand"),
    ],
    examples: [.init(term: "cluster recover --pending", meaning: "")]
  ) { arguments, shell, client in
    if let status = try RecoveryVerb.run(arguments, shell, client) { return status }
    let mode = arguments.operands["MODE"] ?? "auto"
    return try change("PUT", "/", [("recovery", mode)], arguments, shell, client)
  }

  private static let join = ClientCommand.make(
    "join", "bring a member and the asked one back into one cluster",
    discussion: [
      "Their stores merge, also in manual recovery and after a disconnect of either. Its own name "
        + "makes the asked member contact all expected ones. It keeps trying while a member cannot "
        + "be reached."
    ],
    operands: [name]
  ) { arguments, shell, client in
    let path = "/hosts/" + percentEncoded(arguments.operand("NAME"))
    return try change("POST", path, [], arguments, shell, client)
  }

  private static let leave = ClientCommand.make(
    "leave", "separate a member from the others; its process keeps running",
    discussion: [
      "It is alone from then on, also in automatic recovery, until 'cluster join', 'cluster recover' "
        + "or its restart."
    ],
    operands: [name]
  ) { arguments, shell, client in
    try dismiss("leave", arguments, shell, client)
  }

  private static let halt = ClientCommand.make(
    "halt", "end a member: it leaves the cluster and its process exits",
    discussion: ["Whatever supervises the process may start it again."],
    operands: [name]
  ) { arguments, shell, client in
    try dismiss("halt", arguments, shell, client)
  }

  private static let name = Command.Operand(name: "NAME", meaning: "a member, such as 'orders-1'")

  private static func dismiss(
    _ mode: String, _ arguments: Arguments, _ shell: Shell, _ client: AdminClient
  ) throws(ClientError) -> ExitStatus {
    let path = "/hosts/" + percentEncoded(arguments.operand("NAME"))
    return try change("DELETE", path, [("mode", mode)], arguments, shell, client)
  }

  /// Makes a change that is answered with the cluster's state, and shows that.
  private static func change(
    _ method: String, _ path: String, _ query: [(name: String, value: String)],
    _ arguments: Arguments, _ shell: Shell, _ client: AdminClient
  ) throws(ClientError) -> ExitStatus {
    let reply = try client.success(method, path, query: query)
    try ClientCommand.show(reply, arguments, shell) { () throws(ClientError) in
      try reply.decoded(ClusterInfo.self, from: client.url).table.text
    }
    return .success
  }
}
