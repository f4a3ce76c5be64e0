/// What became of members that fell silent, by a fresh connection to each.
extension Node {
  /// Tries a connection to a member that was taken for dead without proof.
  mutating func knock(at ordinal: Int, now: Moment, into effects: inout [Effect]) {
    peers[ordinal].knock = .none
    guard episode.lost.count <= Knock.most, peers[ordinal].line.connection == .none,
      peers[ordinal].address != nil
    else { return }
    peers[ordinal].knock = .tried
    openLine(to: ordinal, at: now, into: &effects)
  }

  /// A connection to it was opened, or not. Whether it was a knock.
  mutating func noteKnock(_ ordinal: Int, _ outcome: Knock) -> Bool {
    guard peers[ordinal].knock == .tried else { return false }
    peers[ordinal].knock = outcome
    return true
  }

  /// It spoke over a stream: it doesn't stand still, and the way that datagrams take is cut.
  mutating func noteKnockAnswered(_ ordinal: Int) {
    if peers[ordinal].knock == .taken { peers[ordinal].knock = .none }
  }

  /// A member that is held apart was heard. With the boot that was lost it never died: the network was
  /// cut, and is whole again, whatever keeps the two apart now.
  mutating func noteSurvivor(_ ordinal: Int, at now: Moment) {
    guard !episode.survivors.contains(ordinal), peers[ordinal].lostAt != nil,
      peers[ordinal].lostBoot == peers[ordinal].boot, peers[ordinal].knock != .taken
    else { return }
    episode.survivors.insert(ordinal)
    episode.schedule(at: now.instant)
  }
}
