/// Idle streams to other members, whose end tells of a process's death at once: Erlang knows so in
/// milliseconds, a member that only probes in seconds.
extension Node {
  /// Up to this size every member watches every other.
  static let watchesAllUpTo = 32
  /// In larger clusters each watches so many that follow it by ordinal.
  static let watchedAtMost = 8

  /// Opens the streams that are due and goes on with inquests.
  mutating func tendWatches(at now: Moment, into effects: inout [Effect]) {
    watchesDueAt = .distantFuture
    guard phase == .running else { return }
    for ordinal in peers.ordinals(having: .questioned) where ordinal != self.ordinal {
      advanceInquest(of: ordinal, at: now, into: &effects)
    }
    for ordinal in watched where peers[ordinal].line.connection == .none {
      guard peers[ordinal].watch.inquest == nil else { continue }
      let retryAt = peers[ordinal].watch.retryAt ?? firstWatch(at: now)
      peers[ordinal].watch.retryAt = retryAt
      if now.instant >= retryAt {
        openLine(to: ordinal, at: now, into: &effects)
      } else {
        watchesDueAt = min(watchesDueAt, retryAt)
      }
    }
  }

  /// Joining isn't kept from its work by so many streams: they come a little later, not all at once.
  private mutating func firstWatch(at now: Moment) -> Instant {
    now.instant + .milliseconds(500 + randomness.below(500))
  }

  /// Whom this member watches: all, or the live ones that follow it in the ring of ordinals.
  private var watched: [Int] {
    if configuration.size <= Self.watchesAllUpTo { return others.filter { peers.isLive($0) } }
    var found: [Int] = []
    for step in 1..<configuration.size {
      let next = (ordinal + step) % configuration.size
      guard peers.isLive(next) else { continue }
      found.append(next)
      if found.count == Self.watchedAtMost { break }
    }
    return found
  }

  mutating func openLine(
    to ordinal: Int, at now: Moment, into effects: inout [Effect]
  ) {
    guard let address = peers[ordinal].address else { return }
    peers[ordinal].line.connection = .connecting(until: now.instant + .seconds(3))
    effects.append(.connect(ordinal: ordinal, address))
  }

  /// Lets watches be looked at as soon as timers run.
  mutating func stirWatches(at now: Moment) { watchesDueAt = min(watchesDueAt, now.instant) }

  /// Says over a stream that was opened who opened it: the answer proves whose it is.
  mutating func greet(
    _ ordinal: Int, over stream: StreamID, at now: Moment, into effects: inout [Effect]
  ) {
    peers[ordinal].line.connection = .open(stream, isWritable: false)
    let packet = Packet(
      header: header(to: ordinal, boot: peers[ordinal].boot, at: now), sections: [.hello])
    effects.append(.sendFrame(stream, packet.encoded()))
  }

  /// Answers a greeting, over the same stream.
  mutating func answerHello(
    _ arrival: Arrival, at now: Moment, into effects: inout [Effect]
  ) {
    guard case .stream(let stream) = arrival.origin else { return }
    let packet = Packet(
      header: header(to: arrival.source, boot: arrival.header.sourceBoot, at: now), sections: [])
    effects.append(.sendFrame(stream, packet.encoded()))
  }

  /// A packet of a boot came over a stream: the boot is watched by it.
  mutating func noteStreamSpoke(_ stream: StreamID, of ordinal: Int) {
    guard peers[ordinal].line.stream == stream else { return }
    noteKnockAnswered(ordinal)
    peers[ordinal].watch.inquest = nil
    peers[ordinal].watch.endedAt = nil
    peers[ordinal].watch.failures = 0
  }

  /// A stream to or from a boot ended: a probe starts now, and an inquest.
  mutating func noteStreamEnded(
    of ordinal: Int, boot: UInt64, wasOwn: Bool, at now: Moment, into effects: inout [Effect]
  ) {
    guard phase == .running, peers.isLive(ordinal), peers[ordinal].boot == boot else { return }
    if wasOwn || peers[ordinal].line.stream == nil { peers[ordinal].watch.endedAt = now.instant }
    delayWatch(of: ordinal, at: now)
    investigate(ordinal, at: now, into: &effects)
    if faults.has(.endedStreamIsDeath) { bury(ordinal, at: now, into: &effects) }
  }

  /// Where streams can't be opened, or don't last, they are tried less and less often.
  private mutating func delayWatch(of ordinal: Int, at now: Moment) {
    let failures = min(peers[ordinal].watch.failures, 5)
    peers[ordinal].watch.failures = failures + 1
    let span = Span64.milliseconds(1_000 << failures)
    peers[ordinal].watch.retryAt =
      now.instant + span + Span64(nanoseconds: randomness.below(span.nanoseconds))
    stirWatches(at: now)
  }

  /// Begins an inquest, unless there has just been one.
  mutating func investigate(
    _ ordinal: Int, at now: Moment, into effects: inout [Effect]
  ) {
    guard phase == .running, peers.isLive(ordinal) else { return }
    if peers[ordinal].watch.inquest == nil {
      guard now.instant >= peers[ordinal].watch.restsUntil else { return }
      let inquest = Inquest(boot: peers[ordinal].boot, at: now.instant)
      peers[ordinal].watch.inquest = inquest
      peers[ordinal].watch.restsUntil = inquest.until
      look(at: ordinal, now: now, into: &effects)
    }
    advanceInquest(of: ordinal, at: now, into: &effects)
  }

  /// Tries the next fresh connection when it is time. A stream that is still open has to end first.
  private mutating func advanceInquest(
    of ordinal: Int, at now: Moment, into effects: inout [Effect]
  ) {
    guard var inquest = peers[ordinal].watch.inquest else { return }
    guard peers.isLive(ordinal), peers[ordinal].boot == inquest.boot, now.instant < inquest.until
    else {
      peers[ordinal].watch.inquest = nil
      return
    }
    watchesDueAt = min(watchesDueAt, inquest.until)
    guard case .none = peers[ordinal].line.connection else { return }
    guard now.instant >= inquest.connectAt else {
      watchesDueAt = min(watchesDueAt, inquest.connectAt)
      return
    }
    if inquest.refusals == 0 { inquest.since = now.instant }
    peers[ordinal].watch.inquest = inquest
    send([.ping(nonce: randomness.next())], to: ordinal, now: now, into: &effects)
    openLine(to: ordinal, at: now, into: &effects)
  }

  /// A connection couldn't be opened.
  mutating func noteConnectFailed(
    _ ordinal: Int, refused: Bool, at now: Moment, into effects: inout [Effect]
  ) {
    guard var inquest = peers[ordinal].watch.inquest else {
      return delayWatch(of: ordinal, at: now)
    }
    delayWatch(of: ordinal, at: now)
    guard refused else {
      // Silence is what a cut looks like as well.
      peers[ordinal].watch.inquest = nil
      return
    }
    let isHeard = peers[ordinal].heardAt.map { $0 > inquest.since } ?? false
    inquest.refusals = isHeard ? 0 : inquest.refusals + 1
    inquest.connectAt = now.instant + Inquest.gap
    peers[ordinal].watch.inquest = inquest
    guard inquest.refusals >= Inquest.needed else { return }
    peers[ordinal].watch.inquest = nil
    guard peers[ordinal].watch.endedAt != nil, peers[ordinal].boot == inquest.boot,
      configuration.refusalIsDeath
    else { return }
    bury(ordinal, at: now, into: &effects)
  }

  /// A connection was opened: somebody listens there, the present process or a new one that will
  /// say so, or one that is just ending.
  mutating func noteConnected(_ ordinal: Int) { peers[ordinal].watch.inquest?.refusals = 0 }

  /// A connection was taken, and ended before anything came over it. A system closes the streams of a
  /// process that was killed before its listener: in between it still takes connections.
  mutating func noteUnspoken(_ ordinal: Int, at now: Moment) {
    delayWatch(of: ordinal, at: now)
    peers[ordinal].watch.inquest?.refusals = 0
    peers[ordinal].watch.inquest?.connectAt = now.instant + Inquest.gap
  }

  /// This member's own evidence shortens its suspicion to now.
  private mutating func bury(
    _ ordinal: Int, at now: Moment, into effects: inout [Effect]
  ) {
    guard peers.isLive(ordinal) else { return }
    suspect(ordinal, by: [self.ordinal], at: now, into: &effects)
    let refusal = Refusal(ordinal: ordinal, boot: peers[ordinal].boot)
    refusals.removeAll { now.instant >= $0.until || $0.refusal.ordinal == ordinal }
    if refusals.count >= Refusal.most { refusals.removeFirst() }
    refusals.append((refusal, now.instant + .seconds(2)))
    declareDead(ordinal, hasProof: true, at: now, into: &effects)
  }

  /// Others found evidence: no fact here, but a reason to look.
  mutating func hearRefusals(
    _ told: [Refusal], at now: Moment, into effects: inout [Effect]
  ) {
    for refusal in told {
      guard refusal.ordinal < configuration.size, refusal.ordinal != ordinal,
        peers[refusal.ordinal].boot == refusal.boot
      else { continue }
      if faults.has(.refusalRelayed) {
        bury(refusal.ordinal, at: now, into: &effects)
      } else {
        investigate(refusal.ordinal, at: now, into: &effects)
      }
    }
  }
}
