/// Who hears whom.
extension Diagnosis {
  /// A member is heard within this time, unless its packets don't arrive: it probes one other member
  /// each second, and each one comes in turn.
  private var silence: Double { max(10, 3 * Double(evidence.members.count)) }

  /// What is wrong between each two members that answered.
  var links: [Finding] {
    let answering = evidence.answering
    guard answering.count > 1 else { return [] }
    var findings: [Finding] = []
    var cut: [(String, String)] = []
    for (index, one) in answering.enumerated() {
      for other in answering[(index + 1)...] {
        guard let there = one.view.members.first(where: { $0.name == other.name }),
          let back = other.view.members.first(where: { $0.name == one.name })
        else { continue }
        switch (there.isLive, back.isLive) {
        case (true, true): findings += silent(one.name, other.name, there, back)
        case (true, false): findings.append(oneWay(from: one.name, to: other.name))
        case (false, true): findings.append(oneWay(from: other.name, to: one.name))
        case (false, false): cut.append((one.name, other.name))
        }
      }
    }
    if !cut.isEmpty { findings.append(partition(answering.map(\.name), cut)) }
    if findings.isEmpty { findings = [.ok(.link, "all that answered hear one another")] }
    return findings
  }

  /// Two members that believe each other live, perhaps only by what others say.
  private func silent(
    _ one: String, _ other: String, _ there: Evidence.Peer, _ back: Evidence.Peer
  ) -> [Finding] {
    let hears = { (peer: Evidence.Peer) in peer.heardSecondsAgo.map { $0 <= silence } }
    switch (hears(there), hears(back)) {
    case (true, false): return [oneWay(from: one, to: other)]
    case (false, true): return [oneWay(from: other, to: one)]
    case (false, false):
      return [
        .problem(
          .link, "\(one) and \(other) don't hear each other; others vouch for both",
          "open UDP between their hosts, both ways")
      ]
    default: return []
    }
  }

  /// `from` hears `to`, and not the other way round.
  private func oneWay(from: String, to: String) -> Finding {
    .problem(
      .link, "asymmetric: \(from) hears \(to), but \(to) doesn't hear \(from)",
      "open UDP from \(from)'s host to \(to)'s, in firewalls, NetworkPolicy and routes")
  }

  private func partition(_ names: [String], _ cut: [(String, String)]) -> Finding {
    let isApart = evidence.answering.contains { $0.view.separated ?? false }
    let isManual = evidence.answering.contains { $0.view.recovery == "manual" }
    let text = "partition: " + sides(names, cut).map(\.listed).joined(separator: " | ")
    if isApart {
      return .problem(
        .link, text, "a member was separated by hand: 'cluster join NAME' brings it back")
    }
    if isManual {
      return .problem(
        .link, text,
        "recovery is manual: once the network is whole, 'cluster recover auto' or 'cluster join' "
          + "merges the sides")
    }
    let open = evidence.expected?.contains { $0.port == .open } ?? false
    return .problem(
      .link, text,
      open
        ? "TCP passes from here: open UDP on the same port, in firewalls and NetworkPolicy"
        : "mend the network between the sides; they merge by themselves")
  }

  /// The members in groups of those that aren't cut from one another, in order.
  private func sides(_ names: [String], _ cut: [(String, String)]) -> [[String]] {
    var sides: [[String]] = []
    for name in names {
      let index = sides.firstIndex { side in
        side.allSatisfy { member in
          !cut.contains { $0 == (member, name) || $0 == (name, member) }
        }
      }
      if let index { sides[index].append(name) } else { sides.append([name]) }
    }
    return sides
  }
}
