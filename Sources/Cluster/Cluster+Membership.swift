public import ClusterCore

extension Cluster {
  /// All expected members as this one sees them now, by ordinal.
  public var members: [Member] { driver.withNode { $0.members } }

  /// How much of the expected cluster is live.
  public var status: ClusterStatus { driver.withNode { $0.status } }

  /// Who leads.
  public var leader: Leadership { driver.withNode { $0.leadership } }

  /// Whether this member is the confirmed leader. It is no lock: another member may think the same
  /// for a moment, and in a partition for longer.
  public var isLeader: Bool {
    driver.withNode { node in
      node.leadership.isConfirmed && node.leadership.member?.boot == node.boot
        && node.leadership.member?.name == configuration.name
    }
  }

  /// What happens from now on, in order. Each iterator is a subscription of its own; one that doesn't
  /// read loses the oldest events beyond `ClusterEvents.capacity`.
  public var events: ClusterEvents { ClusterEvents(hub: driver.events) }

  /// What happens when the sides of a healed partition meet.
  public var recovery: Recovery { driver.withNode { $0.recovery } }

  /// Sets the recovery mode on every member; it reaches those that can't be reached now as soon as
  /// they can. `.automatic` also ends every disconnect.
  ///
  /// - Throws: `ClusterError.ended` when the member isn't running.
  public func setRecovery(_ recovery: Recovery) async throws {
    try command(.setRecovery(recovery))
  }

  /// Separates this member from all others, in either recovery mode: it goes on running alone until
  /// `rejoin()`, or until an operator brings it back.
  ///
  /// - Throws: `ClusterError.ended` when the member isn't running.
  public func disconnect() async throws { try command(.disconnect) }

  /// Ends this member's separation.
  ///
  /// - Throws: `ClusterError.ended` when the member isn't running.
  public func rejoin() async throws { try command(.rejoin) }

  /// Whether this member is separated from the others on request.
  public var isSeparated: Bool { driver.withNode { $0.isSeparated } }

  private func command(_ command: Command) throws {
    guard driver.command(command) else { throw ClusterError.ended }
  }
}
