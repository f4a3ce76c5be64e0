/// The store's traffic: pushes, digests, deltas.
extension Node {
  /// How old the mark of a digest may be when its answer comes.
  static let oldestMark = Span64.seconds(30)
  /// How many datagrams of pushes go out before what has come in is looked at.
  static let pushesAtOnce = 24
  /// More writes than these that wait at once go over streams, where so few receive them: datagrams in
  /// such numbers are more than a socket's buffer holds while its reader is busy with its own writes,
  /// and what is lost is sent many times over before all of it is there.
  static let mostPushed = 2_048
  static let mostStreamedTo = 16
  /// More writes than these, of which some may be forgotten, are not left to the next timer.
  static let mostUnswept = 1 << 16
  /// What a digest may take of a datagram.
  static let digestBudget = 760

  /// Whether what a header says makes this member ask for what it lacks.
  mutating func wantsDigest(of header: Header) -> Bool {
    guard !faults.has(.noAntiEntropy) else { return false }
    guard header.clockDigest != store.knownDigest(), phase != .idle else { return false }
    if isSpared(header) { return false }
    // While one member is sending everything, the others needn't.
    for ordinal in peers.ordinals(having: .transferring) where ordinal != header.source {
      guard let at = peers[ordinal].line.receivedAt else { continue }
      if (peers[header.source].heardAt ?? at).since(at) < .seconds(1) { return false }
    }
    return true
  }

  /// Whether a member need not be asked because one that knows just the same was asked a moment ago:
  /// both would send the same. It is spared once, so that a question or an answer may be lost, or not
  /// be given at all.
  private mutating func isSpared(_ header: Header) -> Bool {
    guard !faults.has(.everybodyAsked), let asked = question, asked.ordinal != header.source,
      asked.clockDigest == header.clockDigest, !asked.spared.contains(header.source),
      let now = peers[header.source].heardAt, now.since(asked.at) < Self.answerPatience
    else { return false }
    question?.spared.insert(header.source)
    return true
  }

  /// How long the answer to a digest is waited for before another member is asked the same.
  private static let answerPatience = Span64.milliseconds(250)

  /// Notes who was asked for all that this member lacks.
  mutating func noteQuestion(to ordinal: Int, at now: Moment) {
    let known = peers[ordinal].clockDigest
    let isSame = question?.clockDigest == known
    question = Question(
      ordinal: ordinal, clockDigest: known, at: now.instant,
      spared: isSame ? question?.spared ?? OrdinalSet() : OrdinalSet())
  }

  /// A question for all that this member lacks.
  struct Question: Sendable {
    var ordinal: Int
    /// What it knew.
    var clockDigest: UInt64
    var at: Instant
    /// Who was spared the same question.
    var spared: OrdinalSet
  }

  /// What this member knows, or as much of it as fits: answered with what it lacks of that.
  mutating func digestSection(at now: Moment) -> Section {
    var size = 24
    var end = digestCursor
    let all = store.known.range.upperBound
    while end < all {
      size += store.known.encodedSize(end)
      guard size <= Self.digestBudget || end == digestCursor else { break }
      end += 1
    }
    let range = digestCursor..<end
    digestCursor = end == all ? 0 : end
    var clock = store.known.restricted(to: range)
    if size > Self.digestBudget, let only = range.first {
      clock.keepNewestActors(of: only, bytes: Self.digestBudget - 24)
    }
    return .digest(mark: max(now.instant.nanoseconds, restored.marksThrough + 1), clock)
  }

  /// Takes what a header says of its sender's store.
  mutating func noteClock(
    of source: Int, _ header: Header, at now: Moment, into effects: inout [Effect]
  ) {
    if !peers[source].isConnected, peers.isLive(source) {
      peers[source].isConnected = true
      counters.storeConnections += 1
      effects.append(.publish(.storeConnected(member(source))))
    }
    peers[source].clockOffset =
      Int64(clamping: header.wallMilliseconds) - Int64(clamping: now.wallMilliseconds)
    noteClockOffset(of: source, header, at: now, into: &effects)
    guard header.clockDigest == store.knownDigest() else { return }
    peers[source].equalAt = now.instant
    store.reportEqual(
      source, boot: header.sourceBoot, viewDigest: header.viewDigest,
      isFlushed: !header.flags.contains(.unflushed))
    if header.flags.contains(.synced), restored.quarantine.isEmpty { store.noteAllHeard() }
    tellOutdated(source, store.known, at: now, into: &effects)
    noteJoined(source, into: &effects)
    // Where all live members have just started nobody is synced: equal clocks are all there is.
    guard !hasSynced, phase == .running,
      header.flags.contains(.synced) || header.clockDigest == 0 || peers.count(of: .synced) == 0
    else { return }
    if header.clockDigest != 0 || mayBeEmpty(at: now) { hasSynced = true }
  }

  /// Whether a store that knows nothing can be all there is. Others that know nothing either are no
  /// proof, as where several members begin at once: those that hold everything may not have been heard
  /// yet. All are waited for, but for no longer than a join window.
  private func mayBeEmpty(at now: Moment) -> Bool {
    let isPatient = syncStartedAt.map {
      now.instant.since($0) < configuration.timing.joinWindow
    }
    for ordinal in others where !peers.has(.apart, ordinal) {
      if peers[ordinal].heardAt == nil {
        if isPatient ?? false { return false }
      } else if peers.isLive(ordinal), peers[ordinal].clockDigest != 0 {
        return false
      }
    }
    return true
  }

  /// Tells of a member whose wall clock is so far ahead that its stamps aren't followed, once until it
  /// is right again. A letter's way only makes its clock look slower than it is.
  private mutating func noteClockOffset(
    of source: Int, _ header: Header, at now: Moment, into effects: inout [Effect]
  ) {
    let limit = now.wallMilliseconds + Store.toleratedSkew
    let isAhead = header.wallMilliseconds > limit
    guard isAhead != peers[source].isAhead else { return }
    peers[source].isAhead = isAhead
    guard isAhead else { return }
    let ahead = min(header.wallMilliseconds - now.wallMilliseconds, 1 << 40)
    effects.append(
      .publish(.clockAhead(member(source), by: Span64.milliseconds(ahead).duration)))
  }

  private mutating func noteJoined(_ source: Int, into effects: inout [Effect]) {
    guard !peers[source].hasJoined else { return }
    peers[source].hasJoined = true
    effects.append(.publish(.storeJoined(member(source))))
  }

  mutating func disconnectStore(of ordinal: Int, into effects: inout [Effect]) {
    guard peers[ordinal].isConnected else { return }
    peers[ordinal].isConnected = false
    peers[ordinal].hasJoined = false
    peers[ordinal].parcel = nil
    counters.storeDisconnections += 1
    effects.append(.publish(.storeDisconnected(member(ordinal))))
  }

  /// Answers a digest with what its sender lacks: at once where it fits into a few datagrams, over a
  /// stream otherwise.
  mutating func hearDigest(
    _ clock: StoreClock, mark: UInt64, _ arrival: Arrival, at now: Moment,
    into effects: inout [Effect]
  ) {
    guard clock.newestBoot <= newestPlausibleBoot(at: now) else { return reject(.forged) }
    let source = arrival.source
    // A larger or formerly larger set: this member's own digests must speak of as many.
    store.widen(to: clock.range.upperBound)
    store.report(
      source, boot: arrival.header.sourceBoot, clock: clock, viewDigest: arrival.header.viewDigest,
      isFlushed: !arrival.header.flags.contains(.unflushed))
    tellOutdated(source, clock, at: now, into: &effects)
    hearOwnLives(in: clock, arrival.header, at: now, into: &effects)
    noteSyncTarget(clock, arrival)
    if let address = peers[source].address, isDoubtful(address, of: source) { return }
    guard !isEstranged(source) else { return }
    guard peers[source].line.transfer == nil,
      !clock.covers(store.known.restricted(to: clock.range))
    else { return }
    // What waits to be streamed to it need not be sent in answer as well, unless it has just started:
    // where the writes never cease it would never be synced.
    guard
      peers[source].line.large.count < Self.mostPushed
        || !arrival.header.flags.contains(.synced)
    else { return }
    if case .slots(let slots) = store.missing(clock),
      let deltas = store.pack(slots, for: clock, mark: mark, budget: Self.deltaBudget, most: 6)
    {
      store.counters.syncRounds += 1
      for delta in deltas {
        var section = ByteWriter()
        Section.delta(delta).encode(into: &section)
        store.counters.syncBytes += UInt64(section.count)
        sendBare(section.bytes, to: source, now: now, into: &effects)
      }
      return
    }
    store.counters.syncRounds += 1
    store.counters.transfers += 1
    peers[source].line.kept = nil
    peers[source].line.transfer = Line.Transfer(
      clock: clock, mark: mark, boot: arrival.header.sourceBoot,
      claim: store.known.restricted(to: clock.range), startedAt: now.instant)
    pump(source, at: now, into: &effects)
  }

  /// A starting member is synced once it knows what the first synced member knew when asked.
  private mutating func noteSyncTarget(_ clock: StoreClock, _ arrival: Arrival) {
    guard !hasSynced, phase == .running, arrival.header.flags.contains(.synced) else { return }
    if syncTarget == nil { syncTarget = clock }
    if let target = syncTarget, store.known.covers(target) { hasSynced = true }
  }

  /// Takes the entries of a delta, and the claim if they are whole.
  mutating func hearDelta(
    _ delta: Delta, _ arrival: Arrival, at now: Moment, into effects: inout [Effect]
  ) {
    guard arrival.isTogether else { return reject(.group) }
    guard delta.mark == 0 || isFresh(delta.mark, at: now) else { return reject(.mark) }
    guard !hearOwnLives(in: delta.claim, arrival.header, at: now, into: &effects) else { return }
    let isWhole = take(delta, arrival, at: now, into: &effects)
    if isWhole, !isEstranged(arrival.source) { assemble(delta, of: arrival.source) }
    noteSyncReached()
  }

  /// Whether the digest with this mark is young enough to be answered, by this member's own clock.
  func isFresh(_ mark: UInt64, at now: Moment) -> Bool {
    if faults.has(.marksUnchecked) { return true }
    let at = Instant(nanoseconds: mark)
    return at <= now.instant && now.instant.since(at) <= Self.oldestMark
      && mark > restored.marksThrough
  }

  /// Where a starting member knows what the first synced member knew when asked, it is synced.
  mutating func noteSyncReached() {
    if let target = syncTarget, !hasSynced, store.known.covers(target) { hasSynced = true }
  }

  /// Takes entries; answers whether none of them had to be left out.
  mutating func take(
    _ delta: Delta, _ arrival: Arrival, at now: Moment, into effects: inout [Effect]
  ) -> Bool {
    guard store.accepts(delta, newestBoot: newestPlausibleBoot(at: now)) else {
      reject(.forged)
      return false
    }
    store.widen(for: delta)
    if case .stream = arrival.origin { peers[arrival.source].line.receivedAt = now.instant }
    var isWhole = true
    for entry in delta.entries {
      let conflicts = store.counters.conflicts
      let (change, isFull) = store.merge(entry, wallMilliseconds: now.wallMilliseconds)
      isWhole = isWhole && !isFull
      guard let change else { continue }
      effects.append(.changed(change))
      if store.counters.conflicts > conflicts {
        effects.append(
          .publish(.conflict(key: change.key.text, candidates: change.candidateCount)))
      }
    }
    return isWhole
  }

  /// Accepts the claim of an answer once all its parts have been merged.
  private mutating func assemble(_ delta: Delta, of source: Int) {
    guard delta.mark != 0 || delta.claim != nil else { return }
    var assembly = peers[source].assembly ?? Assembly(of: delta)
    // A later answer replaces an earlier one, of which parts may still be under way.
    guard delta.mark >= assembly.mark else { return }
    if !assembly.includes(delta) { assembly = Assembly(of: delta) }
    assembly.add(delta)
    peers[source].assembly = assembly
    let isCutOff = faults.has(.truncatedDeltaClaimsAll) && delta.claim != nil
    guard assembly.isComplete || isCutOff, let claim = assembly.claim else { return }
    store.accept(claim: claim, forgotten: assembly.forgotten)
    if faults.has(.absenceDeletes) { store.deleteAbsent(claim: claim, entries: delta.entries) }
    peers[source].assembly = nil
    peers[source].line.receivedAt = nil
  }

  /// Whether anybody is there to push to.
  var hasReceivers: Bool {
    for ordinal in others where peers.isLive(ordinal) && !peers[ordinal].isJoining { return true }
    return false
  }

  /// Pushes local writes to everyone, each from its state now.
  mutating func flush(at now: Moment, into effects: inout [Effect]) {
    guard store.hasQueued else { return }
    let receivers = others.filter { peers.isLive($0) && !peers[$0].isJoining }
    if store.queue.count - store.queueHead > Self.mostPushed, !receivers.isEmpty,
      receivers.count <= Self.mostStreamedTo
    {
      // They are encoded, and their dots seen, when their turn comes.
      while let slot = store.dequeue() { stream(slot, to: receivers) }
    }
    var sent = 0
    while store.hasQueued, sent < Self.pushesAtOnce {
      push(nextPush(receivers), to: receivers, now: now, into: &effects)
      sent += 1
    }
    if store.hasQueued { effects.append(.flush) }
    for receiver in receivers where !peers[receiver].line.large.isEmpty {
      pump(receiver, at: now, into: &effects)
    }
  }

  /// Has a key's register sent over streams. Who has too many of them waiting asks for it later.
  private mutating func stream(_ slot: RegisterTable.Slot, to receivers: [Int]) {
    for receiver in receivers where peers[receiver].line.large.count < Line.mostLarge {
      peers[receiver].line.large.append(slot)
    }
  }

  /// The next writes that fit into one datagram. What fits into none goes over streams.
  private mutating func nextPush(_ receivers: [Int]) -> [Delta.Entry] {
    var entries: [Delta.Entry] = []
    var room = Self.deltaBudget - Delta.overhead
    while let slot = store.peekQueued(), var register = store.table[slot]?.register,
      let key = store.table[slot]?.key
    {
      let size = Delta.size(key: key.utf8.count, register: register)
      guard size <= room || entries.isEmpty else { break }
      // A batch that fits into a packet of its own is not cut by what was written before it.
      if !entries.isEmpty, !store.batches.isEmpty, let batch = store.batchSizeAtHead(),
        batch > room, batch <= Self.deltaBudget - Delta.overhead
      {
        break
      }
      _ = store.dequeue()
      store.expose(slot)
      if size > Self.deltaBudget - Delta.overhead {
        stream(slot, to: receivers)
        continue
      }
      room -= size
      if faults.has(.contextNotSent) { register.forgetContext() }
      entries.append(Delta.Entry(key: key, register: register))
    }
    return entries
  }

  private mutating func push(
    _ entries: [Delta.Entry], to receivers: [Int], now: Moment, into effects: inout [Effect]
  ) {
    guard !entries.isEmpty, !receivers.isEmpty else { return }
    var section = ByteWriter()
    Section.delta(Delta(mark: 0, claim: nil, entries: entries)).encode(into: &section)
    for receiver in receivers {
      sendBare(section.bytes, to: receiver, now: now, into: &effects)
    }
  }
}
