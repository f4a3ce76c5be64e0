/// What one member believes, in full: `GET /members`. Members ask it of one another, so that a page
/// that one of them serves can show both sides of a partition.
///
/// Numbers of 64 bits are text: JavaScript's have 53.
package struct MemberReport: Sendable, Codable, Hashable {
  /// Who believes it.
  package var member: String
  package var boot: String
  package var version: String
  package var state: String
  package var recovery: String
  /// The leader, confirmed or provisional.
  package var leader: String?
  package var confirmed: Bool
  package var term: String?
  package var ready: Bool
  package var separated: Bool
  /// Readable keys, keys in conflict, and the digest of all values, as hexadecimal digits.
  package var keys: Int
  package var conflicts: Int
  package var digest: String
  package var uptimeSeconds: Double
  /// The local health multiplier: zero is well.
  package var health: Int
  package var resolver: String
  package var members: [Row]
  /// Who hears whom: the member's own row as measured, those of the others as they told.
  package var heard: [Hearsay]

  /// What it believes of one member, itself included.
  package struct Row: Sendable, Codable, Hashable {
    package var name: String
    package var ordinal: Int
    package var address: String?
    package var state: String
    package var boot: String
    package var incarnation: String
    /// Of direct probes, smoothed; none for the member itself and where nothing was measured.
    package var roundTripSeconds: Double?
    /// How long ago it was last heard.
    package var heardSecondsAgo: Double?
    /// How far its wall clock is ahead of the reporting member's, as packets show it: late by their
    /// time on the way.
    package var clockOffsetSeconds: Double?
    package var synced: Bool

    package init(
      name: String, ordinal: Int, address: String?, state: String, boot: String,
      incarnation: String
    ) {
      self.name = name
      self.ordinal = ordinal
      self.address = address
      self.state = state
      self.boot = boot
      self.incarnation = incarnation
      synced = false
    }
  }

  /// Whom a member hears: the reporting one itself, or another as it told over the cluster's own
  /// protocol.
  package struct Hearsay: Sendable, Codable, Hashable {
    package var member: String
    /// In the order of ordinals: `unknown`, `unheard`, `oneWay`, or the round trip in microseconds.
    package var cells: [String]

    package init(member: String, cells: [String]) {
      self.member = member
      self.cells = cells
    }
  }

  /// Creates a report of a member that knows of nobody.
  package init(member: String, boot: String, version: String) {
    self.member = member
    self.boot = boot
    self.version = version
    (state, recovery, confirmed, ready, separated) = ("red", "auto", false, false, false)
    (keys, conflicts, digest, uptimeSeconds, health) = (0, 0, "", 0, 0)
    (resolver, members, heard) = ("", [], [])
  }
}

extension MemberReport {
  /// Writes the report.
  func write(to json: inout JSONWriter) {
    json.object { json in
      json.member("member", member)
      json.member("boot", boot)
      json.member("version", version)
      json.member("state", state)
      json.member("recovery", recovery)
      json.member("leader", leader)
      json.member("confirmed", confirmed)
      json.member("term", term)
      json.member("ready", ready)
      json.member("separated", separated)
      json.member("keys", keys)
      json.member("conflicts", conflicts)
      json.member("digest", digest)
      json.member("uptimeSeconds", uptimeSeconds)
      json.member("health", health)
      json.member("resolver", resolver)
      json.name("members")
      json.array { json in
        for row in members { row.write(to: &json) }
      }
      json.name("heard")
      json.array { json in
        for hearsay in heard {
          json.object { json in
            json.member("member", hearsay.member)
            json.name("cells")
            json.array(hearsay.cells)
          }
        }
      }
    }
  }
}

extension MemberReport.Row {
  fileprivate func write(to json: inout JSONWriter) {
    json.object { json in
      json.member("name", name)
      json.member("ordinal", ordinal)
      json.member("address", address)
      json.member("state", state)
      json.member("boot", boot)
      json.member("incarnation", incarnation)
      json.member("roundTripSeconds", roundTripSeconds)
      json.member("heardSecondsAgo", heardSecondsAgo)
      json.member("clockOffsetSeconds", clockOffsetSeconds)
      json.member("synced", synced)
    }
  }
}
