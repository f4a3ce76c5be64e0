/// What follows from the evidence: the usual mistakes, each with its remedy.
///
/// The rules are pure, so that each mistake is a test. A rule says `ok` where it looked and found
/// nothing, and is silent where there was nothing to look at.
struct Diagnosis {
  /// What is known.
  let evidence: Evidence

  /// All findings, from the ground up: a problem further up often explains those below.
  var findings: [Finding] {
    names + ports + http + sizes + links + leaders + clocks + keys + packets + stores + versions
  }

  private var names: [Finding] {
    guard let expected = evidence.expected else { return [] }
    let unknown = expected.filter(\.addresses.isEmpty)
    let findings = unknown.map { one in
      Finding.problem(
        .dns, "\(one.endpoint) of \(one.name) has no address: \(one.failure ?? "unknown name")",
        "check CLUSTER_SERVICE, CLUSTER_NAMESPACE and CLUSTER_DOMAIN; the headless Service needs "
          + "publishNotReadyAddresses: true; elsewhere correct CLUSTER_PEERS or the DNS")
    }
    return findings + shared(expected)
      + (findings.isEmpty
        ? [.ok(.dns, "\(expected.count) of \(expected.count) names resolve")] : [])
  }

  /// Two members that are reached at one place are one member.
  private func shared(_ expected: [Evidence.Expected]) -> [Finding] {
    let places = expected.flatMap { one in
      let port = one.endpoint.split(separator: ":").last ?? ""
      return one.addresses.map { (place: "\($0) port \(port)", name: one.name) }
    }
    return Dictionary(grouping: places, by: \.place).sorted { $0.key < $1.key }
      .filter { Set($0.value.map(\.name)).count > 1 }
      .map { place, names in
        .problem(
          .dns, "\(names.map(\.name).listed) are both at \(place)",
          "give each member a name or an entry of CLUSTER_PEERS of its own")
      }
  }

  private var ports: [Finding] {
    guard let expected = evidence.expected else { return [] }
    let findings = expected.compactMap { one -> Finding? in
      switch one.port {
      case .untried, .open: nil
      case .refused:
        .problem(
          .port, "nobody listens on TCP \(one.endpoint) of \(one.name)",
          "start it, or see why it ended (its log; 'kubectl logs \(one.name) --previous'); "
            + "CLUSTER_PORT must be the same everywhere")
      case .silent:
        .problem(
          .port, "TCP \(one.endpoint) of \(one.name) doesn't answer",
          "open the port, TCP and UDP, in firewalls and the NetworkPolicy, if its host is up")
      case .failed(let reason):
        .problem(
          .port, "TCP \(one.endpoint) of \(one.name): \(reason)",
          "see to routes and firewalls between here and there")
      }
    }
    let open = expected.count { $0.port == .open }
    return findings
      + (open > 0 ? [.ok(.port, "\(open) of \(expected.count) TCP ports answer")] : [])
  }

  private var http: [Finding] {
    evidence.members.compactMap { one in
      guard let failure = one.failure else { return nil }
      let seenAlive = evidence.answering.contains { other in
        other.view.members.contains { $0.name == one.name && $0.isLive }
      }
      return seenAlive
        ? .note(
          .http, "\(one.name) is live but doesn't answer HTTP at \(one.url): \(failure)",
          "name each member's admin HTTP by --members, if it isn't there; else see "
            + "CLUSTER_HTTP_PORT, CLUSTER_HTTP_BIND and the NetworkPolicy")
        : .problem(
          .http, "\(one.name) doesn't answer HTTP at \(one.url): \(failure)",
          "it is down or cut off: look at its process and its log first")
    }
  }

  private var sizes: [Finding] {
    let answering = evidence.answering
    var sizes = answering.map { (name: $0.name, size: $0.view.members.count) }
    if let expected = evidence.expected { sizes.append(("this place", expected.count)) }
    guard sizes.count > 1 else { return [] }
    let groups = Dictionary(grouping: sizes, by: \.size).sorted { $0.key < $1.key }
    guard groups.count > 1 else {
      return [.ok(.size, "all that answered expect \(groups[0].key) members")]
    }
    let words = groups.map { size, who in
      "\(who.map(\.name).listed) expect\(who.count == 1 ? "s" : "") \(size)"
    }
    return [
      .problem(
        .size, words.joined(separator: "; "),
        "set the same CLUSTER_SIZE (or list of CLUSTER_PEERS) everywhere; in Kubernetes change "
          + "replicas in the overlay and apply it, since 'kubectl scale' doesn't tell the members")
    ]
  }

  private var leaders: [Finding] {
    let answering = evidence.answering.filter { $0.view.confirmed != nil }
    guard !answering.isEmpty else { return [] }
    let confirmed = answering.filter { $0.view.confirmed ?? false }
    let leaders = Set(confirmed.compactMap(\.view.leader)).sorted()
    if leaders.count > 1 {
      return [
        .problem(
          .leader, "\(leaders.listed) lead at once, each on its side of a partition",
          "mend the network (see 'link'); with CLUSTER_LEADER_POLICY=majority only one side has one"
        )
      ]
    }
    guard let leader = leaders.first else {
      return [
        .problem(
          .leader, "nobody leads",
          "wait some seconds after a change; with CLUSTER_LEADER_POLICY=majority bring back more "
            + "than half of the members")
      ]
    }
    return [.ok(.leader, "\(leader) leads")]
  }

  private var stores: [Finding] {
    evidence.answering.compactMap { one in
      guard one.view.ready == false else { return nil }
      return .problem(
        .store, "the store of \(one.name) isn't filled yet",
        "wait; if it stays so, its TCP port is blocked or no other member is reached (see 'link')")
    }
  }

  private var versions: [Finding] {
    let versions = Dictionary(grouping: evidence.answering) { $0.view.version ?? "" }
    guard versions.count > 1 else { return [] }
    let words = versions.sorted { $0.key < $1.key }.map { version, members in
      "\(members.map(\.name).listed) run\(members.count == 1 ? "s" : "") \(version)"
    }
    return [
      .note(.version, words.joined(separator: "; "), "end the update that is under way")
    ]
  }
}
