/// Groups: who belongs together after a split or a separation, and who decides.
extension Node {
  /// Takes what a packet says of its sender's group, and decides whether the two belong together.
  mutating func noteGroup(
    _ packet: Packet, _ source: Int, at now: Moment, into effects: inout [Effect]
  ) {
    let told = packet.header.groupDigest
    if told == groupDigest, !group.excludes(source, boot: packet.header.sourceBoot) {
      if peers[source].groupDigest != told || peers[source].group == nil {
        peers[source].groupDigest = told
        peers[source].group = group
      }
      setApart(source, false, at: now, into: &effects)
      return
    }
    for case .group(var theirs) in packet.sections {
      guard theirs.digest == told, theirs.isWithin(configuration.size),
        theirs.epoch <= now.wallMilliseconds + Self.plausibleAhead
      else { return reject(.group) }
      theirs.prune(isOver: isOver)
      peers[source].group = theirs
      peers[source].groupDigest = told
      meet(theirs, of: source, at: now, into: &effects)
      return
    }
    // Another group that hasn't been told in full: nothing but control crosses until it is.
    if peers[source].groupDigest != told { peers[source].groupDigest = 0 }
  }

  /// Whether a boot that a group has lost is over. A group may name ordinals that aren't expected here,
  /// as while a cluster is given another size.
  private func isOver(_ exclusion: Group.Exclusion) -> Bool {
    exclusion.ordinal < configuration.size && peers[exclusion.ordinal].boot > exclusion.boot
  }

  /// Two groups meet.
  private mutating func meet(
    _ theirs: Group, of source: Int, at now: Moment, into effects: inout [Effect]
  ) {
    let boot = peers[source].boot
    if case .joining = phase { return }
    if theirs == group {
      return setApart(source, group.excludes(source, boot: boot), at: now, into: &effects)
    }
    if let hermit = theirs.hermit, hermit.ordinal == source, hermit.boot == boot {
      if theirs.epoch >= group.epoch, group.hermit == nil { group.add(hermit) }
      return setApart(source, true, at: now, into: &effects)
    }
    let excluded = theirs.excludes(ordinal, boot: self.boot)
    if theirs.epoch > group.epoch, !excluded {
      adopt(theirs, at: now, into: &effects)
    } else if excluded || group.excludes(source, boot: boot) {
      // The other side has lost this one, which hasn't noticed: then both are lost to each other,
      // else a newcomer to this side, whom neither has lost, would bring the other's losses along.
      if excluded, theirs.hermit == nil, group.hermit == nil, theirs.epoch >= group.epoch {
        group.add(Group.Exclusion(ordinal: source, boot: boot))
      }
      setApart(source, true, at: now, into: &effects)
      if wantedJoins.contains(source) { join(source, at: now, into: &effects) }
    } else if theirs.epoch == group.epoch {
      // Neither has lost the other: what either has lost, both have.
      for exclusion in theirs.lost { group.add(exclusion) }
      reviewApart(at: now, into: &effects)
    }
  }

  /// Becomes a member of another group.
  mutating func adopt(_ new: Group, at now: Moment, into effects: inout [Effect]) {
    let wasSeparated = isSeparated
    group = new
    group.prune(isOver: isOver)
    if wasSeparated != isSeparated {
      effects.append(.publish(.separationChanged(separated: isSeparated)))
    }
    for ordinal in others { peers[ordinal].nextContact = now.instant }
    reviewApart(at: now, into: &effects)
  }

  /// Looks again at who is apart.
  private mutating func reviewApart(at now: Moment, into effects: inout [Effect]) {
    convergence.isDirty = true
    news.nextAt = min(news.nextAt, now.instant)
    for ordinal in others where peers[ordinal].boot > 0 {
      pendingAnnouncements.insert(ordinal)
      guard group.excludes(ordinal, boot: peers[ordinal].boot) else { continue }
      let isLost = isSilent(ordinal, at: now)
      if isLost { noteLost(ordinal, hasProof: false, at: now) }
      setApart(ordinal, true, at: now, into: &effects)
      if isLost { knock(at: ordinal, now: now, into: &effects) }
    }
  }

  /// Whether a live member isn't heard just now: others, whose word of their loss came first, have lost
  /// it to a cut, and it didn't ask to be separated, for it would have said so.
  private func isSilent(_ ordinal: Int, at now: Moment) -> Bool {
    guard peers.isLive(ordinal), group.hermit == nil, let heardAt = peers[ordinal].heardAt else {
      return false
    }
    return peers[ordinal].state == .suspect
      || now.instant.since(heardAt) > configuration.timing.probeInterval
  }

  /// Holds a member apart, or together again.
  mutating func setApart(
    _ ordinal: Int, _ isApart: Bool, at now: Moment, into effects: inout [Effect]
  ) {
    guard peers[ordinal].isApart != isApart else { return }
    if isApart {
      if peers.isLive(ordinal) {
        setState(.dead, of: ordinal, because: .parted, at: now, into: &effects)
      }
      peers[ordinal].isApart = true
      peers[ordinal].nextContact = now.instant + configuration.timing.contactInterval
      closeLine(ordinal, into: &effects)
      disconnectStore(of: ordinal, into: &effects)
    } else {
      peers[ordinal].isApart = false
      wantedJoins.removeAll { $0 == ordinal }
      if peers[ordinal].state != .left { revive(ordinal, at: now, into: &effects) }
    }
    convergence.isDirty = true
  }

  /// A member that was held apart, and that this one hears directly, is alive.
  private mutating func revive(
    _ ordinal: Int, at now: Moment, into effects: inout [Effect]
  ) {
    setState(.alive, of: ordinal, because: .joined, at: now, into: &effects)
  }

  /// Sets the recovery mode on every member: the newest setting goes round with each packet.
  mutating func setRecovery(
    _ recovery: Recovery, at now: Moment, into effects: inout [Effect]
  ) {
    let clock = min(now.wallMilliseconds, 1 << 46)
    let time = max(clock, min((recoveryWord >> 17) + 1, 1 << 46))
    let word = time << 17 | UInt64(ordinal) << 1 | (recovery == .manual ? 1 : 0)
    adoptRecovery(word, at: now, into: &effects)
  }

  /// Takes a newer setting. `.automatic` also ends every separation: each group becomes whole, in an
  /// epoch later than all that were heard of.
  mutating func adoptRecovery(_ word: UInt64, at now: Moment, into effects: inout [Effect]) {
    guard word > recoveryWord else { return }
    guard word >= 2, word >> 17 <= now.wallMilliseconds + Self.plausibleAhead else { return }
    let previous = recovery
    recoveryWord = word
    if recovery == .automatic {
      let epoch = peers.compactMap { $0.group?.epoch }.reduce(group.epoch, max)
      let isWhole = group.hermit == nil && group.lost.isEmpty
      if !isWhole || epoch > group.epoch {
        adopt(Group(epoch: isWhole ? epoch : epoch + 1), at: now, into: &effects)
      }
    }
    for ordinal in others {
      peers[ordinal].nextContact = min(peers[ordinal].nextContact, now.instant)
      pendingAnnouncements.insert(ordinal)
    }
    news.nextAt = min(news.nextAt, now.instant)
    if recovery != previous { effects.append(.publish(.recoveryChanged(recovery))) }
  }

  /// Separates this member from all others: a group of one, until somebody ends it.
  mutating func separate(at now: Moment, into effects: inout [Effect]) {
    guard !isSeparated, phase == .running, configuration.size > 1 else { return }
    let hermit = Group.Exclusion(ordinal: ordinal, boot: boot)
    let told = others.filter { peers.isLive($0) }
    let before = peers
    adopt(Group(epoch: group.epoch, hermit: hermit), at: now, into: &effects)
    for ordinal in told {
      send(
        [], to: ordinal, at: before[ordinal].address, boot: before[ordinal].boot, now: now,
        into: &effects)
    }
  }

  /// Ends this member's separation: it takes its place in the group of the lowest ordinal that it
  /// knows of.
  mutating func rejoin(at now: Moment, into effects: inout [Effect]) {
    guard isSeparated else { return }
    let groups = others.compactMap { peers[$0].group }.filter { $0.hermit == nil }
    let epoch = peers.compactMap { $0.group?.epoch }.reduce(group.epoch, max) + 1
    var lost = groups.first?.lost ?? []
    lost.removeAll { $0.ordinal == ordinal }
    adopt(Group(epoch: epoch, lost: lost), at: now, into: &effects)
    for ordinal in others where peers[ordinal].address != nil {
      peers[ordinal].groupDigest = 0
      contact(ordinal, at: [], now: now, into: &effects)
    }
  }

  /// Brings another member's group and this one's together, at an operator's word.
  mutating func join(_ other: Int, at now: Moment, into effects: inout [Effect]) {
    guard (0..<configuration.size).contains(other) else { return }
    for ordinal in others {
      peers[ordinal].nextContact = min(peers[ordinal].nextContact, now.instant)
    }
    guard other != ordinal else { return rejoin(at: now, into: &effects) }
    guard peers[other].isApart || isSeparated else { return }
    guard let theirs = peers[other].group else {
      // Its group isn't known yet: as soon as it is heard.
      if !wantedJoins.contains(other) { wantedJoins.append(other) }
      return
    }
    wantedJoins.removeAll { $0 == other }
    let side = others.filter { peers.isLive($0) }
    let theirSide = others.filter { peers[$0].group?.digest == theirs.digest }
    var lost = (theirs.hermit == nil ? theirs.lost : []) + (isSeparated ? [] : group.lost)
    lost.removeAll { exclusion in
      exclusion.ordinal == ordinal || exclusion.ordinal == other
        || side.contains(exclusion.ordinal) || theirSide.contains(exclusion.ordinal)
    }
    let epoch = peers.compactMap { $0.group?.epoch }.reduce(group.epoch, max) + 1
    adopt(Group(epoch: epoch, lost: lost), at: now, into: &effects)
    for ordinal in theirSide + [other] {
      peers[ordinal].groupDigest = 0
      contact(ordinal, at: [], now: now, into: &effects)
    }
  }

  /// Another member, back from its separation, asks to be taken in.
  mutating func admit(_ source: Int, at now: Moment, into effects: inout [Effect]) {
    guard peers[source].isApart else { return }
    join(source, at: now, into: &effects)
  }
}
