package import ClusterCore

/// The log line of an event: what changed, and why.
package struct EventLine {
  package let level: LogLevel
  package let message: String
  package let metadata: [String: String]

  /// Describes an event.
  ///
  /// - Parameter reason: Why it happened, where the event doesn't say so itself.
  package init(_ event: ClusterEvent, reason: String? = nil) {
    var parts = Self.parts(of: event)
    if let reason { parts.2["reason"] = reason }
    (level, message, metadata) = parts
  }

  private static func parts(
    of event: ClusterEvent
  ) -> (LogLevel, String, [String: String]) {
    switch event {
    case .memberChanged(let member, let previous):
      return (
        member.state == .alive ? .info : .warning,
        "\(member.name) is \(member.state.rawValue)",
        [
          "was": previous.rawValue, "boot": "\(member.boot)",
          "reason": member.cause.map(words) ?? "none",
          "address": member.address.map { "\($0)" } ?? "none",
        ]
      )
    case .leaderChanged(let leadership):
      return (.info, "leader is \(text(of: leadership))", [:])
    case .statusChanged(let status): return (.info, "cluster is \(status.rawValue)", [:])
    case .partitionSuspected(let unreachable, let reachable):
      return (
        .warning, "members fell silent: a partition is suspected",
        ["unreachable": names(unreachable), "reachable": names(reachable)]
      )
    case .partitionConfirmed(let members):
      return (
        .warning, "a partition is confirmed: the lost members live, and stay apart",
        ["members": names(members), "proof": "same boot"]
      )
    case .partitionHealed(let members, let span):
      return (
        .notice, "a partition has healed",
        ["members": names(members), "after": seconds(span), "proof": "same boot"]
      )
    case .memberStalled(let member, let span):
      return (.warning, "\(member.name) stood still", ["for": seconds(span)])
    case .memberDegraded(let member, let degraded):
      return (
        degraded ? .warning : .notice,
        "\(member.name) is \(degraded ? "degraded: it doesn't lead" : "well again")", [:]
      )
    case .recoveryChanged(let recovery): return (.notice, "recovery is \(recovery.rawValue)", [:])
    case .recovered(let decision, let members, let keys):
      return (
        .notice, "groups that were apart are one",
        ["decision": decision.rawValue, "with": names(members), "keys": "\(keys)"]
      )
    case .separationChanged(let separated):
      return (.notice, separated ? "separated on request" : "separation ended", [:])
    case .ordinalClaimedTwice(let member, let boot):
      return (
        .error, "two live processes are \(member.name)",
        ["boot": "\(member.boot)", "other": "\(boot)"]
      )
    case .resolverDiffers(let member, let theirs):
      return (.warning, "\(member.name) resolves conflicts otherwise", ["resolver": theirs])
    case .resolverFailed(let key, let reason):
      return (.error, "the resolver threw: the last writer won", ["key": key, "reason": reason])
    case .conflict(let key, let candidates):
      return (.debug, "concurrent writes met", ["key": key, "candidates": "\(candidates)"])
    case .clockAhead(let member, let span):
      return (.warning, "\(member.name) has a clock ahead", ["by": seconds(span)])
    case .storageDamaged(let detail):
      return (
        .error, "the data directory isn't whole: what is whole is kept", ["damage": detail]
      )
    case .storageFailed(let reason):
      return (
        .error, "cannot write to the data directory: nothing new outlasts a restart",
        ["reason": reason]
      )
    case .storageRecovered: return (.notice, "writing to the data directory works again", [:])
    case .storeJoined(let member): return (.info, "in step with the store of \(member.name)", [:])
    case .storeDiverged(let member):
      return (.error, "the store of \(member.name) differs: everything is exchanged", [:])
    case .storeConnected(let member): return (.debug, "reached the store of \(member.name)", [:])
    case .storeDisconnected(let member): return (.debug, "lost the store of \(member.name)", [:])
    case .packetsRejected(let reason, let count, let source):
      return (
        .warning, "packets were dropped",
        ["reason": reason, "count": "\(count)", "last_from": source.map { "\($0)" } ?? "unknown"]
      )
    case .keyringChanged(let fingerprints):
      return (.notice, "the keys were changed", ["keys": fingerprints.joined(separator: ",")])
    }
  }

  private static func words(of cause: Member.Cause) -> String {
    switch cause {
    case .heard: "it was heard of"
    case .refuted: "it answered the suspicion"
    case .returned: "it is heard again, and never ended"
    case .restarted: "a newer boot of it was heard of"
    case .unanswered: "neither it nor others in its stead answered a probe"
    case .silent: "it was silent until the suspicion ran out"
    case .refused: "its stream ended and its port refuses connections"
    case .ownWord: "it said so"
    case .parted: "it is of another group"
    case .joined: "its group and this one became one"
    }
  }

  private static func text(of leadership: Leadership) -> String {
    switch leadership {
    case .unknown: "unknown"
    case .provisional(let member): "provisionally \(member.name)"
    case .confirmed(let member, let term): "\(member.name) in term \(term)"
    }
  }

  /// A span in seconds, to the millisecond.
  private static func seconds(_ span: Duration) -> String {
    let (seconds, attoseconds) = span.components
    let rest = String(abs(attoseconds) / 1_000_000_000_000_000)
    return "\(seconds)." + String(repeating: "0", count: max(0, 3 - rest.count)) + rest + " s"
  }

  private static func names(_ members: [Member]) -> String {
    members.map(\.name).joined(separator: ",")
  }
}
