import Testing

@testable import Cluster
@testable import ClusterCore

/// Real members on loopback, with keys.
@Suite struct ProtectedClusterTests {
  private let first = "correct horse battery staple"
  private let second = "the second of two secrets"

  /// Runs members of which each holds the keys that it is given.
  private func withMembers(
    keys: [String?], _ body: ([Cluster]) async throws -> Void
  ) async throws {
    try await withLoopbackMembers(keys.count, configure: { $1.key = keys[$0] }, body)
  }

  private func sample(_ name: String, of member: Cluster) -> Double {
    let text = member.metrics.prometheusText()
    let line = text.split(separator: "\n").first { $0.hasPrefix(name + " ") }
    return line?.split(separator: " ").last.flatMap { Double($0) } ?? -1
  }

  @Test(.timeLimit(.minutes(1)))
  func `members with one key make a cluster, with values of every size`() async throws {
    try await withMembers(keys: [first, first, "\(first),\(second)"]) { members in
      await eventually("green") { members.allSatisfy { $0.status == .green } }
      let large = [UInt8](repeating: 7, count: 300_000)
      try members[1].store.put("small", "value")
      try members[2].store.put("large", large)
      await eventually("all hold both") {
        members.allSatisfy { $0.store["large"] == large && $0.store["small"] != nil }
      }
      await eventually("each knows the others' keys") {
        members[0].keyringView.members.allSatisfy { $0.seals?.description == "f71edd46" }
      }
      let view = members[2].keyringView
      #expect(view.keys.map(\.fingerprint.description) == ["f71edd46", "2d1c2cd7"])
      #expect(view.keys.map(\.held) == [3, 1] && view.keys.map(\.sealing) == [3, 0])
      #expect(members[0].keyringView.members[2].accepts == nil, "it holds a key not known here")
      #expect(sample("cluster_keyring_keys", of: members[2]) == 2)
      let info = "cluster_keyring_primary_info{fingerprint=\"f71edd46\"}"
      #expect(sample(info, of: members[0]) == 1)
      for member in members {
        for reason in ["auth", "replay", "plaintext", "malformed"] {
          let name = "cluster_packets_rejected_total{reason=\"\(reason)\"}"
          #expect(sample(name, of: member) == 0, "\(reason)")
        }
      }
    }
  }

  @Test(.timeLimit(.minutes(1)))
  func `members with another key, or none, are strangers and are counted`() async throws {
    try await withMembers(keys: [first, second, nil]) { members in
      let rejected = { (member: Cluster, reason: String) in
        self.sample("cluster_packets_rejected_total{reason=\"\(reason)\"}", of: member)
      }
      await eventually("each refuses the two others") {
        rejected(members[0], "auth") > 2 && rejected(members[0], "plaintext") > 2
          && rejected(members[1], "auth") > 2 && rejected(members[1], "plaintext") > 2
          && rejected(members[2], "sealed") > 2
      }
      #expect(members.allSatisfy { $0.status == .red && $0.members.count(where: \.isLive) == 1 })
    }
  }

  @Test(.timeLimit(.minutes(1)))
  func `dropped packets are an event`() async throws {
    try await withMembers(keys: [first, nil]) { members in
      var reasons: [String] = []
      for await event in members[1].events {
        guard case .packetsRejected(let reason, let count, let source) = event else { continue }
        #expect(count > 0 && source != nil)
        reasons.append(reason)
        break
      }
      #expect(reasons == ["sealed"])
    }
  }
}
