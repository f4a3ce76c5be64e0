/// What comes over streams in many parts: how far it has come, and how it goes on after a stream ended.
extension Node {
  /// What a member is asked with that seems to know more: for the rest of the transfer that it had
  /// begun, or for what is missing of what this member knows.
  mutating func question(to ordinal: Int, at now: Moment) -> Section {
    if let arriving = peers[ordinal].arriving, !faults.has(.transfersBeginAnew) {
      if now.instant.since(arriving.at) <= Self.oldestMark {
        return .bulk(.resume(mark: arriving.mark, cursor: arriving.cursor))
      }
      peers[ordinal].arriving = nil
    }
    let section = digestSection(at: now)
    if case .digest(_, let clock) = section, clock.range == store.known.range {
      noteQuestion(to: ordinal, at: now)
    }
    return section
  }

  mutating func hearBulk(
    _ bulk: Bulk, _ arrival: Arrival, at now: Moment, into effects: inout [Effect]
  ) {
    let source = arrival.source
    guard arrival.isTogether else { return reject(.group) }
    switch bulk {
    case .transfer(let part): hearTransfer(part, arrival, at: now, into: &effects)
    case .resume(let mark, let cursor):
      resume(source, mark: mark, from: cursor, at: now, into: &effects)
    case .piece(let piece): hearPiece(piece, arrival, at: now, into: &effects)
    case .held(let hash, let count):
      guard peers[source].line.parcel?.hash == hash else { return }
      peers[source].line.parcel?.skip(to: Int(count))
      store.counters.transfersResumed += 1
    case .attached(let hash):
      let entry = peers[source].parcel.flatMap { $0.hash == hash ? $0.entry() : nil }
      peers[source].attached = entry.map { .entry($0) } ?? .lost
      peers[source].parcel = nil
    case .gone(let mark): if peers[source].arriving?.mark == mark { peers[source].arriving = nil }
    }
  }

  /// Adds to a section what came before it in pieces; none where that is lost: the section says less
  /// than it should.
  mutating func completed(_ delta: Delta, of source: Int) -> Delta? {
    defer { peers[source].attached = nil }
    switch peers[source].attached {
    case .none: return delta
    case .lost: return nil
    case .entry(let entry):
      var whole = delta
      whole.entries.append(entry)
      return whole
    }
  }

  /// Takes a part of a transfer. It is as old as the digest that it answers; what goes on without a
  /// pause is not old, however long it takes.
  private mutating func hearTransfer(
    _ part: Bulk.Transfer, _ arrival: Arrival, at now: Moment, into effects: inout [Effect]
  ) {
    let source = arrival.source
    guard case .stream = arrival.origin else { return reject(.mark) }
    guard let delta = completed(part.delta, of: source) else { return }
    var arriving: Peer.Arriving
    if let last = peers[source].arriving, last.mark == part.mark, part.start > 0 {
      // One that was given up, or of which a part is missing, proves nothing.
      guard part.start <= last.cursor, now.instant.since(last.at) <= Self.oldestMark else { return }
      arriving = last
    } else {
      guard part.start == 0, isFresh(part.mark, at: now) else { return reject(.mark) }
      arriving = Peer.Arriving(mark: part.mark, at: now.instant)
    }
    guard !hearOwnLives(in: delta.claim, arrival.header, at: now, into: &effects) else { return }
    let isWhole = take(delta, arrival, at: now, into: &effects)
    arriving.isWhole = arriving.isWhole && isWhole
    arriving.cursor = max(arriving.cursor, part.end)
    arriving.at = now.instant
    peers[source].arriving = part.isLast ? nil : arriving
    peers[source].line.receivedAt = part.isLast ? nil : now.instant
    guard part.isLast, arriving.isWhole, !isEstranged(source), let claim = delta.claim else {
      return
    }
    store.accept(claim: claim, forgotten: delta.forgotten)
    noteSyncReached()
  }

  /// Goes on with a transfer that was broken off, where the receiver has come to.
  private mutating func resume(
    _ ordinal: Int, mark: UInt64, from cursor: UInt32, at now: Moment, into effects: inout [Effect]
  ) {
    // It is under way, and all the same asked for by who hasn't had any of it for a moment.
    if peers[ordinal].line.transfer?.mark == mark { return }
    guard peers[ordinal].line.transfer == nil, var transfer = peers[ordinal].line.kept,
      transfer.mark == mark, transfer.boot == peers[ordinal].boot, cursor <= transfer.cursor
    else { return send([.bulk(.gone(mark: mark))], to: ordinal, now: now, into: &effects) }
    transfer.cursor = cursor
    peers[ordinal].line.kept = nil
    peers[ordinal].line.transfer = transfer
    store.counters.transfersResumed += 1
    pump(ordinal, at: now, into: &effects)
  }

  private mutating func hearPiece(
    _ piece: Bulk.Piece, _ arrival: Arrival, at now: Moment, into effects: inout [Effect]
  ) {
    let source = arrival.source
    guard case .stream = arrival.origin else { return }
    var parcel = peers[source].parcel ?? Parcel(arriving: piece)
    peers[source].parcel = nil
    if parcel.hash != piece.hash || parcel.total != Int(piece.total) {
      parcel = Parcel(arriving: piece)
    }
    let held = parcel.bytes.count
    parcel.take(piece)
    peers[source].parcel = parcel
    peers[source].line.receivedAt = now.instant
    guard piece.offset == 0, held > piece.bytes.count, !faults.has(.transfersBeginAnew) else {
      return
    }
    send(
      [.bulk(.held(hash: piece.hash, count: UInt32(truncatingIfNeeded: held)))], to: source,
      now: now, into: &effects)
  }
}
