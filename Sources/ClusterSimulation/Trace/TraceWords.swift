import ClusterCore

/// How things are said in the fields of a trace: integers and ASCII only.
enum TraceWords {
  /// Concurrent versions: values, stamps, writers.
  static func text(_ candidates: [Candidate]) -> String {
    let texts = candidates.map {
      "\($0.value.map(Self.value) ?? "deleted")@\($0.stamp.time).\($0.origin.ordinal)"
    }
    return "[\(texts.joined(separator: " "))]"
  }

  /// A moment as seconds with nine decimals.
  static func time(_ nanoseconds: UInt64) -> String {
    let fraction = String(nanoseconds % 1_000_000_000)
    return "\(nanoseconds / 1_000_000_000)."
      + String(repeating: "0", count: 9 - fraction.utf8.count) + fraction
  }

  /// A value as it would be written in a scenario: a short word, else its first bytes.
  static func value(_ bytes: [UInt8]) -> String {
    let isWord = (1...24).contains(bytes.count) && bytes.allSatisfy { isWordByte($0) }
    let word = isWord ? ScenarioWord.bytes(bytes) : ""
    return isWord && !word.hasPrefix("0x") ? word : "0x" + self.bytes(bytes)
  }

  /// What doesn't end a value among others in a field: letters, digits, and what names are made of.
  private static func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
    case UInt8(ascii: "-")...UInt8(ascii: ":"), UInt8(ascii: "_"), UInt8(ascii: ","): true
    default: false
    }
  }

  /// The first bytes in hexadecimal, and how many there are.
  static func bytes(_ bytes: [UInt8]) -> String {
    let shown = bytes.prefix(8).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    return bytes.count > 8 ? "\(shown)..(\(bytes.count))" : shown
  }

  /// The kind of an input, and what there is to say of it.
  static func words(_ input: Input) -> (kind: TraceEvent.Kind, fields: String) {
    switch input {
    case .started: (.started, "")
    case .woken: (.woken, "")
    case .datagramReceived(let bytes, let source):
      (.datagram, "from=\((source.low & 0xFF_FFFF) >> 10) \(packet(bytes))")
    case .resolved(let ordinal, let addresses):
      (.resolved, "name=\(ordinal) addresses=\(addresses.count)")
    case .streamConnected(let stream, let ordinal):
      (.connected, "to=\(ordinal) stream=\(stream.rawValue)")
    case .connectFailed(let ordinal, let refused):
      (.unreachable, "to=\(ordinal) \(refused ? "refused" : "timeout")")
    case .streamAccepted(let stream): (.accepted, "stream=\(stream.rawValue)")
    case .frameReceived(let stream, let bytes):
      (.frame, "stream=\(stream.rawValue) \(packet(bytes))")
    case .streamWritable(let stream): (.writable, "stream=\(stream.rawValue)")
    case .streamClosed(let stream): (.closed, "stream=\(stream.rawValue)")
    case .commanded(let command): (.commanded, "\(command)")
    case .appended(let number): (.flushed, "record=\(number)")
    case .appendFailed(let number, _): (.flushed, "record=\(number) failed")
    }
  }

  /// The kind of what a member told, and what there is to say of it.
  static func words(_ event: ClusterEvent) -> (kind: TraceEvent.Kind, fields: String) {
    switch event {
    case .memberChanged(let member, let previous):
      (
        .member,
        "\(member.ordinal) \(previous) -> \(member.state) boot=\(member.boot)"
          + " incarnation=\(member.incarnation)"
      )
    case .leaderChanged(.confirmed(let member, let term)):
      (.leader, "\(member.ordinal) confirmed term=\(term)")
    case .leaderChanged(.provisional(let member)): (.leader, "\(member.ordinal) provisional")
    case .leaderChanged(.unknown): (.leader, "unknown")
    case .statusChanged(let status): (.event, "status \(status)")
    case .partitionSuspected(let lost, let reachable):
      (
        .event,
        "partition suspected lost=\(list(lost)) reachable=\(list(reachable))"
      )
    case .partitionConfirmed(let apart): (.event, "partition confirmed apart=\(list(apart))")
    case .partitionHealed(let back, let span):
      (.event, "partition healed back=\(list(back)) after=\(time(Span64(span).nanoseconds))s")
    case .storeJoined(let member): (.event, "store joined \(member.ordinal)")
    case .storeConnected(let member): (.event, "store connected \(member.ordinal)")
    case .storeDisconnected(let member): (.event, "store disconnected \(member.ordinal)")
    case .memberStalled(let member, let span):
      (.event, "stalled \(member.ordinal) for=\(time(Span64(span).nanoseconds))s")
    default: (.event, "\(event)")
    }
  }

  /// What a packet carries: its size, and its sections with how much is in them.
  static func packet(_ bytes: [UInt8]) -> String {
    guard let packet = try? Packet(decoding: bytes) else { return "bytes=\(bytes.count) damaged" }
    let sections = packet.sections.map(section)
    let what = sections.isEmpty ? "" : " " + sections.joined(separator: " ")
    return "bytes=\(bytes.count)\(what)"
  }

  private static func section(_ section: Section) -> String {
    switch section {
    case .members(let updates): "members=\(updates.count)"
    case .delta(let delta): "delta=\(delta.entries.count)"
    case .bulk(.transfer(let part)): "transfer=\(part.delta.entries.count)"
    case .bulk(let bulk): Mirror(reflecting: bulk).children.first?.label ?? "\(bulk)"
    case .handover(_, let delta): "handover=\(delta.entries.count)"
    case .probeRequest(_, let target, _, _): "probeRequest=\(target)"
    default: Mirror(reflecting: section).children.first?.label ?? "\(section)"
    }
  }

  private static func list(_ members: [Member]) -> String {
    members.map { "\($0.ordinal)" }.joined(separator: ",")
  }
}
