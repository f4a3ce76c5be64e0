/// Members that were away for too long, and members that know the same and hold something else: both
/// are brought together by a full exchange (`Exchange`).
extension Node {
  /// How long an answer to a question for an exchange is waited for.
  static let exchangePatience = Span64.seconds(3)
  /// So often in a row a member must know the same writes and hold other values.
  static let mismatches = 2

  /// Notes who is away, evicts who has been for longer than the grace, and asks those for an exchange
  /// that are back.
  mutating func runExchanges(at now: Moment, into effects: inout [Effect]) {
    guard tendsAny else { return }
    for ordinal in others where tends(ordinal) {
      if peers.isLive(ordinal) {
        if peers[ordinal].awaySince != nil { peers[ordinal].awaySince = nil }
      } else if let since = peers[ordinal].awaySince {
        if now.instant.since(since) > configuration.tombstoneGrace { evict(ordinal) }
      } else {
        peers[ordinal].awaySince = now.instant
      }
      guard isEstranged(ordinal), now.instant >= peers[ordinal].exchange.nextAt else { continue }
      if peers[ordinal].exchange.mark == 0 { peers[ordinal].exchange.mark = randomness.next() | 1 }
      peers[ordinal].exchange.nextAt = now.instant + Self.exchangePatience
      let exchange = peers[ordinal].exchange
      let isReply = !evicted.contains(ordinal) && exchange.heard != 0
      let cause: Exchange.Cause = isDropping(ordinal) ? (isReply ? .reply : .away) : .divergence
      send(
        [.askExchange(mark: exchange.mark, cause)], to: ordinal, now: now, into: &effects)
    }
  }

  /// Whether there may be other members that aren't live, have just come back, or are to be exchanged
  /// with: nobody, most of the time.
  private var tendsAny: Bool { !evicted.isEmpty || peers.count(of: .tended) > 0 }

  private func tends(_ ordinal: Int) -> Bool { !evicted.isEmpty || peers.has(.tended, ordinal) }

  /// Whether there is anyone with whom a full exchange is due.
  var hasEstranged: Bool {
    guard tendsAny else { return false }
    for ordinal in others where tends(ordinal) && isEstranged(ordinal) { return true }
    return false
  }

  private mutating func evict(_ ordinal: Int) {
    guard !evicted.contains(ordinal) else { return }
    evicted.insert(ordinal)
    store.noteEviction()
  }

  /// Whether a live member and this one have to see all that the other holds, before either takes the
  /// other's word for complete.
  func isEstranged(_ ordinal: Int) -> Bool {
    peers.isLive(ordinal)
      && (peers[ordinal].exchange.isWanted
        || (evicted.contains(ordinal) && !faults.has(.noFullExchange)))
  }

  /// Whether absence counts in the exchange with a member.
  private func isDropping(_ ordinal: Int) -> Bool {
    evicted.contains(ordinal) || !peers[ordinal].exchange.isRepair
  }

  /// Wants a full exchange with a member, as soon as it is live: what it holds may be older than what
  /// it is known to know.
  package mutating func estrange(_ ordinal: Int) {
    guard ordinal != self.ordinal, peers.indices.contains(ordinal) else { return }
    peers[ordinal].exchange.isWanted = true
    peers[ordinal].exchange.isRepair = false
  }

  /// A new start of a member holds nothing: there is nothing to exchange.
  mutating func forgetEviction(of ordinal: Int) { evicted.remove(ordinal) }

  /// Another member wants all that this one holds.
  mutating func hearAskExchange(
    mark: UInt64, _ cause: Exchange.Cause, _ arrival: Arrival, at now: Moment,
    into effects: inout [Effect]
  ) {
    let source = arrival.source
    guard arrival.isTogether, peers.isLive(source) else { return reject(.group) }
    // What made the other want it concerns both sides: each has forgotten something.
    if cause != .reply, peers[source].exchange.heard != mark, !isEstranged(source) || cause == .away
    {
      peers[source].exchange.isRepair = cause == .divergence
      peers[source].exchange.heard = mark
      peers[source].exchange.isWanted = true
      peers[source].exchange.nextAt = now.instant
      // Both ask at the same time: else the first is through with it before the other begins.
      (nextSweep, sweptBy) = (now.instant, now.instant)
    }
    guard peers[source].line.transfer?.exchange != mark else { return }
    store.counters.transfers += 1
    peers[source].line.transfer = Line.Transfer(
      clock: StoreClock(range: store.known.range), mark: 0, boot: arrival.header.sourceBoot,
      claim: store.known, startedAt: now.instant, exchange: mark)
    pump(source, at: now, into: &effects)
  }

  /// Takes a part of all that another member holds.
  mutating func hearExchange(
    _ part: Exchange.Part, _ arrival: Arrival, at now: Moment, into effects: inout [Effect]
  ) {
    let source = arrival.source
    guard arrival.isTogether else { return reject(.group) }
    guard let delta = completed(part.delta, of: source) else {
      peers[source].exchange.progress?.isWhole = false
      return
    }
    guard case .stream = arrival.origin, isEstranged(source), part.mark != 0,
      part.mark == peers[source].exchange.mark
    else { return }
    guard store.accepts(delta, newestBoot: newestPlausibleBoot(at: now)) else {
      return reject(.forged)
    }
    store.widen(for: delta)
    guard !hearOwnLives(in: delta.claim, arrival.header, at: now, into: &effects) else { return }
    if let claim = delta.claim {
      peers[source].exchange.progress = Exchange.Progress(
        clock: claim, forgotten: delta.forgotten)
    }
    guard var progress = peers[source].exchange.progress else { return }
    peers[source].line.receivedAt = now.instant
    peers[source].exchange.nextAt = now.instant + Self.exchangePatience
    for entry in delta.entries {
      let (change, isFull) = store.merge(
        entry, takesKnown: !isDropping(source), wallMilliseconds: now.wallMilliseconds)
      progress.isWhole = progress.isWhole && !isFull
      if let change { effects.append(.changed(change)) }
      guard let slot = store.table.slot(entry.key) else { continue }
      progress.note(slot)
      guard isDropping(source) else { continue }
      drop(slot, &progress, but: entry.register, at: now, into: &effects)
    }
    peers[source].exchange.progress = progress
    if part.isLast { finishExchange(with: source, progress, at: now, into: &effects) }
  }

  private mutating func finishExchange(
    with source: Int, _ told: Exchange.Progress, at now: Moment, into effects: inout [Effect]
  ) {
    var progress = told
    peers[source].exchange.progress = nil
    peers[source].line.receivedAt = nil
    // What there was no room for is told again.
    guard progress.isWhole else { return }
    if isDropping(source) {
      for slot in 0..<RegisterTable.Slot(store.table.slots) where !progress.wasTold(slot) {
        drop(slot, &progress, but: nil, at: now, into: &effects)
      }
    }
    store.accept(claim: progress.clock, forgotten: progress.forgotten)
    store.counters.exchanges += 1
    let heard = peers[source].exchange.heard
    peers[source].exchange = Exchange()
    peers[source].exchange.heard = heard
    evicted.remove(source)
  }

  private mutating func drop(
    _ slot: RegisterTable.Slot, _ progress: inout Exchange.Progress, but theirs: Register?,
    at now: Moment, into effects: inout [Effect]
  ) {
    let change = store.drop(
      slot, knownTo: progress.clock, but: theirs, wallMilliseconds: now.wallMilliseconds)
    if store.table[slot] == nil { progress.clear(slot) }
    if let change { effects.append(.changed(change)) }
  }

  /// The next frame of all that this member holds.
  mutating func nextExchangePart(
    _ delta: Delta, of transfer: Line.Transfer, isFirst: Bool, isLast: Bool
  ) -> Section {
    var delta = delta
    delta.mark = 0
    delta.claim = isFirst ? transfer.claim : nil
    delta.forgotten = isFirst ? store.forgotten : ForgottenDots()
    return .exchange(Exchange.Part(mark: transfer.exchange, isLast: isLast, delta: delta))
  }

  /// The safety net under everything else: a member that knows just the same writes as this one must
  /// hold the same values. One that doesn't, twice in a row, is asked for a full exchange.
  mutating func hearLiveDigest(
    _ digest: UInt64, _ arrival: Arrival, at now: Moment, into effects: inout [Effect]
  ) {
    let source = arrival.source
    guard !faults.has(.noFullExchange) else { return }
    guard arrival.isTogether, hasSynced, peers[source].isSynced, !isEstranged(source),
      arrival.header.clockDigest == store.knownDigest()
    else { return }
    guard digest != store.digest else {
      peers[source].exchange.mismatches = 0
      return
    }
    peers[source].exchange.mismatches += 1
    guard peers[source].exchange.mismatches >= Self.mismatches else { return }
    peers[source].exchange.mismatches = 0
    store.counters.divergences += 1
    peers[source].exchange.isWanted = true
    peers[source].exchange.isRepair = true
    effects.append(.publish(.storeDiverged(member(source))))
  }
}
