/// Asking those who aren't live whether they are there: at the start, and for ever after.
extension Node {
  /// Contacts a member that isn't live, or that others reach and this one doesn't, at the addresses
  /// that its name has now.
  mutating func contact(
    _ ordinal: Int, at addresses: [Address], now: Moment, into effects: inout [Effect]
  ) {
    guard ordinal >= 0, ordinal < configuration.size else { return }
    let addresses = addresses.count > 4 ? Array(addresses.prefix(4)) : addresses
    if !addresses.isEmpty { peers[ordinal].named = addresses }
    guard ordinal != self.ordinal, !peers.isLive(ordinal) || peers[ordinal].isSought else { return }
    peers[ordinal].isSought = false
    var targets = addresses
    if let last = peers[ordinal].address, !peers[ordinal].isDoubtful, !targets.contains(last) {
      targets.append(last)
    }
    guard !targets.isEmpty else { return }
    let nonce = randomness.next()
    peers[ordinal].contactNonce = nonce
    silence.ask(at: now.instant)
    // Whoever answers there may be a boot that isn't known yet: zero asks for any. The digest makes
    // room for an answer that asks this member in turn to prove where it is.
    for address in targets {
      send(
        .ping(nonce: nonce), and: .liveDigest(store.digest), to: ordinal, at: address, boot: 0,
        now: now, into: &effects)
    }
  }

  /// How many members a starting one contacts at once.
  private static let crowd = 32

  /// Whom a starting member contacts when: all at once in a small cluster; else a crowd after the
  /// other, and whoever is heard of meanwhile needs no contact any more. A thousand that start
  /// together would send a million pings for what one answer tells. First come those before it, which
  /// a StatefulSet starts earlier, then the others in an order of this member's own.
  mutating func scheduleFirstContacts(at now: Moment) {
    let size = configuration.size
    var order = (1..<max(size, 1)).map { (ordinal + size - $0) % size }
    if order.count > Self.crowd {
      var rest = Array(order.dropFirst(Self.crowd / 2))
      randomness.shuffle(&rest)
      order.replaceSubrange((Self.crowd / 2)..., with: rest)
    }
    let pace = configuration.timing.contactInterval / 8
    for (place, other) in order.enumerated() {
      peers[other].nextContact = now.instant + pace * UInt64(place / Self.crowd)
    }
  }

  /// When a member that isn't live is contacted next: quickly while joining, then with jitter, and
  /// less often by each member of a large cluster.
  mutating func scheduleContact(_ ordinal: Int, at now: Moment) {
    peers[ordinal].contacts += 1
    var interval = configuration.timing.contactInterval
    let crowds = UInt64(max(1, configuration.size / Self.crowd))
    if case .joining = phase {
      interval = interval * crowds / 8
    } else if peers[ordinal].contacts < 4 {
      interval = interval * crowds / 4
    } else if configuration.size > 8 {
      interval = interval * UInt64(configuration.size) / 8
    }
    let quarter = max(interval.nanoseconds / 4, 1)
    peers[ordinal].nextContact =
      now.instant
      + Span64(nanoseconds: interval.nanoseconds - quarter + randomness.below(2 * quarter))
  }
}
