/// Clocks, keys, and packets that were refused.
extension Diagnosis {
  /// Whose clock is off: as seen from here, and as the members see each other.
  var clocks: [Finding] {
    let seen = evidence.answering.compactMap { one in
      one.interview.clock.map { (name: one.name, ahead: $0.ahead, within: $0.within) }
    }
    guard seen.count > 1 else { return [] }
    let middle = seen.map(\.ahead).sorted()[seen.count / 2]
    var off: [String: Double] = [:]
    for one in seen where abs(one.ahead - middle) > 1 + 2 * one.within {
      off[one.name] = one.ahead - middle
    }
    for peer in evidence.answering.flatMap(\.view.members) where off[peer.name] == nil {
      let offsets = evidence.answering.compactMap { one in
        one.view.members.first { $0.name == peer.name }?.clockOffsetSeconds
      }.sorted()
      guard offsets.count * 2 > evidence.answering.count else { continue }
      let offset = offsets[offsets.count / 2]
      if abs(offset) > 0.5 { off[peer.name] = offset }
    }
    let findings = off.sorted { $0.key < $1.key }.map { name, seconds in
      Finding.problem(
        .clock, "the clock of \(name) is \(tenths(seconds)) s \(seconds > 0 ? "ahead" : "behind")",
        "run a time service on its host (chrony, systemd-timesyncd); of concurrent writes the one "
          + "with the later stamp is read")
    }
    return findings.isEmpty ? [.ok(.clock, "\(seen.count) clocks agree")] : findings
  }

  /// Whether all seal with one key.
  var keys: [Finding] {
    let prefix = "cluster_keyring_primary_info{fingerprint=\""
    var sealing: [String: [String]] = [:]
    for one in evidence.answering {
      guard let metrics = one.interview.metrics.last, metrics["cluster_keyring_keys"] != nil else {
        continue
      }
      let names = metrics.keys.filter { $0.hasPrefix(prefix) }.sorted()
      let fingerprint = names.first.map { String($0.dropFirst(prefix.count).prefix { $0 != "\"" }) }
      sealing[fingerprint ?? "", default: []].append(one.name)
    }
    let plain = sealing.removeValue(forKey: "") ?? []
    if plain.isEmpty, sealing.isEmpty { return [] }
    if sealing.isEmpty {
      return [
        .note(
          .key, "packets aren't protected: anybody who reaches the port can speak",
          "make a key with 'cluster keygen' and give all members CLUSTER_KEY_FILE")
      ]
    }
    if !plain.isEmpty {
      return [
        .problem(
          .key, "\(plain.listed) ha\(plain.count == 1 ? "s" : "ve") no key, others have",
          "give all members the same CLUSTER_KEY_FILE")
      ]
    }
    guard sealing.count > 1 else { return [.ok(.key, "all seal with one key")] }
    let words = sealing.sorted { $0.key < $1.key }.map { "\($0.value.listed) with \($0.key)" }
    return [
      .note(
        .key, "members seal with different keys: " + words.joined(separator: "; "),
        "that is right within a rotation; outside of one give all the same file, and see "
          + "'cluster keyring list'")
    ]
  }

  /// Packets that members refuse, and what that usually means.
  var packets: [Finding] {
    var findings: [Finding] = []
    for one in evidence.answering {
      for (reason, meaning, remedy) in Self.refusals {
        let name = "cluster_packets_rejected_total{reason=\"\(reason)\"}"
        guard let (growth, value) = one.interview.counter(name), value > 0 else { continue }
        let text = "\(one.name) refused \(Int(clamping: value)) packets: \(meaning)"
        findings.append(
          growth > 0
            ? .problem(.packets, text + ", and still does", remedy)
            : .note(.packets, text + "; none lately", remedy))
      }
      if let (growth, _) = one.interview.counter("cluster_datagrams_dropped_total"), growth > 0 {
        findings.append(
          .problem(
            .packets, "\(one.name) loses datagrams: they come faster than it reads them",
            "give it more CPU, or a larger net.core.rmem_max"))
      }
    }
    return findings
  }

  private static let refusals: [(reason: String, meaning: String, remedy: String)] = [
    (
      "auth", "sealed with a key that it doesn't have",
      "give all members the same CLUSTER_KEY_FILE; in a rotation install a key everywhere before "
        + "anybody seals with it"
    ),
    ("plaintext", "not sealed, though it has a key", "give all members the same CLUSTER_KEY_FILE"),
    ("sealed", "sealed, though it has no key", "give all members the same CLUSTER_KEY_FILE"),
    (
      "cluster", "of another cluster",
      "two clusters share addresses: see to CLUSTER_NAMESPACE, CLUSTER_SERVICE, names and ports"
    ),
    (
      "unknown_member", "of members that it doesn't expect",
      "set the same CLUSTER_SIZE everywhere"
    ),
    ("version", "of a wire format that it doesn't read", "update step by step: 'cluster version'"),
    (
      "replay", "that came twice or late",
      "look for somebody who records and resends packets, or a clock or network that is far off"
    ),
  ]

  private func tenths(_ seconds: Double) -> String {
    let tenths = Int(clamping: abs(seconds) * 10)
    return "\(tenths / 10).\(tenths % 10)"
  }
}

extension Int {
  /// The nearest number below, within what fits; nothing for what is none.
  fileprivate init(clamping value: Double) {
    self = value.isNaN ? 0 : Int(Swift.max(-9e15, Swift.min(9e15, value)))
  }
}
