/// What is too large for datagrams: single values, and transfers of all that another member lacks.
/// One frame is under way at a time, so that bulk never delays a heartbeat and memory stays bounded.
extension Node {
  /// Gives the next frame to the stream to a member, or asks for a stream.
  mutating func pump(_ ordinal: Int, at now: Moment, into effects: inout [Effect]) {
    guard peers[ordinal].line.hasWork else { return }
    // Not a copy of the line: what waits in it would be copied to be changed.
    switch peers[ordinal].line.connection {
    case .none:
      guard let address = peers[ordinal].address, !peers[ordinal].isApart else { return }
      peers[ordinal].line.connection = .connecting(until: now.instant + .seconds(3))
      effects.append(.connect(ordinal: ordinal, address))
    case .connecting, .open(_, isWritable: false): break
    case .open(let stream, isWritable: true):
      let sections = nextFrame(ordinal, at: now)
      guard !sections.isEmpty else { return }
      let packet = Packet(
        header: header(to: ordinal, boot: peers[ordinal].boot, at: now), sections: sections)
      let bytes = packet.encoded()
      // What is pushed answers nobody.
      let isPush = if case .delta = sections.last { true } else { false }
      if !isPush { store.counters.syncBytes += UInt64(bytes.count) }
      peers[ordinal].line.connection = .open(stream, isWritable: false)
      effects.append(.sendFrame(stream, bytes))
    }
  }

  /// The next piece of what is being sent in pieces, the section that it belongs to after the last one;
  /// else the next section.
  private mutating func nextFrame(_ ordinal: Int, at now: Moment) -> [Section] {
    if let hash = peers[ordinal].line.parcel?.hash {
      if peers[ordinal].line.parcel?.isSent == false {
        guard let piece = peers[ordinal].line.parcel?.next() else { return [] }
        return [.bulk(.piece(piece))]
      }
      peers[ordinal].line.parcel = nil
      guard let section = peers[ordinal].line.parcelSection else { return [] }
      peers[ordinal].line.parcelSection = nil
      return [.bulk(.attached(hash: hash)), section]
    }
    guard let section = nextBulk(ordinal, at: now) else { return [] }
    guard let (entry, rest) = section.detachingLarge() else { return [section] }
    peers[ordinal].line.parcel = Parcel(entry)
    peers[ordinal].line.parcelSection = rest
    return nextFrame(ordinal, at: now)
  }

  private mutating func nextBulk(_ ordinal: Int, at now: Moment) -> Section? {
    // By turns: where writes never cease to wait, who lacks everything else has to get it all the same.
    if !peers[ordinal].line.large.isEmpty,
      peers[ordinal].line.transfer == nil || !peers[ordinal].line.hasSentLarge
    {
      peers[ordinal].line.hasSentLarge = true
      return .delta(nextLarge(ordinal))
    }
    peers[ordinal].line.hasSentLarge = false
    guard var transfer = peers[ordinal].line.transfer else { return nil }
    guard transfer.boot == peers[ordinal].boot else {
      peers[ordinal].line.transfer = nil
      store.counters.transfersOutlived += 1
      return nil
    }
    let start = transfer.cursor
    var delta = Delta(mark: 0, claim: nil, entries: [])
    var size = 0
    while transfer.cursor < RegisterTable.Slot(store.table.slots), size < Limits.bulkFrame {
      let slot = transfer.cursor
      if let register = store.table[slot]?.register, let key = store.table[slot]?.key,
        store.lacks(transfer.clock, register),
        !add(Delta.Entry(key: key, register: register), in: slot, to: &delta, size: &size)
      {
        break
      }
      if transfer.exchange == 0 { peers[ordinal].line.large.discard(slot) }
      transfer.cursor += 1
    }
    let isLast = transfer.cursor >= RegisterTable.Slot(store.table.slots)
    if isLast {
      delta.claim = transfer.claim
      delta.forgotten = store.forgotten
      peers[ordinal].line.transfer = nil
      peers[ordinal].line.kept = transfer.exchange == 0 ? transfer : nil
      store.counters.transferSpans.observe(now.instant.since(transfer.startedAt))
    } else {
      peers[ordinal].line.transfer = transfer
    }
    if transfer.exchange != 0 {
      return nextExchangePart(delta, of: transfer, isFirst: start == 0, isLast: isLast)
    }
    return .bulk(
      .transfer(
        Bulk.Transfer(
          mark: transfer.mark, start: start, end: transfer.cursor, isLast: isLast, delta: delta)))
  }

  private mutating func nextLarge(_ ordinal: Int) -> Delta {
    var delta = Delta(mark: 0, claim: nil, entries: [])
    var size = 0
    while size < Limits.bulkFrame, let slot = peers[ordinal].line.large.first {
      if let register = store.table[slot]?.register, let key = store.table[slot]?.key,
        !add(Delta.Entry(key: key, register: register), in: slot, to: &delta, size: &size)
      {
        break
      }
      peers[ordinal].line.large.discard(slot)
    }
    return delta
  }

  /// Adds a register to a frame, as it is now, whatever it was when it was queued. False where it is so
  /// large that it is cut into pieces, and others are in the frame: it has one of its own.
  private mutating func add(
    _ entry: Delta.Entry, in slot: RegisterTable.Slot, to delta: inout Delta, size: inout Int
  ) -> Bool {
    let more = Delta.size(key: entry.key.utf8.count, register: entry.register)
    if more > Limits.bulkFrame, !delta.entries.isEmpty { return false }
    store.expose(slot)
    size += more
    delta.entries.append(entry)
    return true
  }

  mutating func streamConnected(
    _ stream: StreamID, to ordinal: Int, at now: Moment, into effects: inout [Effect]
  ) {
    guard peers.indices.contains(ordinal), case .connecting = peers[ordinal].line.connection else {
      effects.append(.closeStream(stream))
      return
    }
    streams.append((stream, ordinal, nil))
    if !noteKnock(ordinal, .taken) { noteConnected(ordinal) }
    greet(ordinal, over: stream, at: now, into: &effects)
  }

  mutating func connectFailed(
    _ ordinal: Int, refused: Bool, at now: Moment, into effects: inout [Effect]
  ) {
    guard peers.indices.contains(ordinal), case .connecting = peers[ordinal].line.connection else {
      return
    }
    endLine(ordinal)
    if noteKnock(ordinal, refused ? .refused : .none) { return }
    noteConnectFailed(ordinal, refused: refused, at: now, into: &effects)
  }

  mutating func streamWritable(
    _ stream: StreamID, at now: Moment, into effects: inout [Effect]
  ) {
    for ordinal in others where peers[ordinal].line.stream == stream {
      peers[ordinal].line.connection = .open(stream, isWritable: true)
      pump(ordinal, at: now, into: &effects)
    }
  }

  mutating func streamClosed(
    _ stream: StreamID, at now: Moment, into effects: inout [Effect]
  ) {
    let entry = streams.first { $0.stream == stream }
    streams.removeAll { $0.stream == stream }
    var wasOwn = false
    for ordinal in others where peers[ordinal].line.stream == stream {
      endLine(ordinal)
      wasOwn = true
    }
    guard let entry, let ordinal = entry.ordinal else { return }
    if let boot = entry.boot {
      noteStreamEnded(of: ordinal, boot: boot, wasOwn: wasOwn, at: now, into: &effects)
    } else if wasOwn {
      noteUnspoken(ordinal, at: now)
    }
  }

  /// A packet of a member came over a stream: the stream is that member's.
  mutating func claimStream(_ stream: StreamID, for ordinal: Int, boot: UInt64) {
    guard let index = streams.firstIndex(where: { $0.stream == stream }) else { return }
    streams[index].ordinal = ordinal
    streams[index].boot = boot
    noteStreamSpoke(stream, of: ordinal)
  }

  /// Ends the streams from and to a member.
  mutating func closeLine(_ ordinal: Int, into effects: inout [Effect]) {
    for entry in streams where entry.ordinal == ordinal {
      effects.append(.closeStream(entry.stream))
    }
    streams.removeAll { $0.ordinal == ordinal }
    endLine(ordinal)
  }

  /// Gives up a connect that was never answered.
  mutating func tendLine(_ ordinal: Int, at now: Moment, into effects: inout [Effect]) {
    if case .connecting(let until) = peers[ordinal].line.connection, now.instant >= until {
      endLine(ordinal)
      if noteKnock(ordinal, .none) { return }
      noteConnectFailed(ordinal, refused: false, at: now, into: &effects)
    }
  }

  /// Forgets the stream to a member, with what was to go over it, but for the transfer of which the
  /// other may ask for the rest.
  private mutating func endLine(_ ordinal: Int) {
    let line = peers[ordinal].line
    if line.transfer != nil { store.counters.transfersFailed += 1 }
    peers[ordinal].line = Line()
    let broken = line.transfer.flatMap { $0.exchange == 0 ? $0 : nil }
    peers[ordinal].line.kept = broken ?? line.kept
  }
}

extension Section {
  /// The section without its only entry, where that is so large that it travels in pieces.
  fileprivate func detachingLarge() -> (Delta.Entry, Section)? {
    func split(_ delta: Delta) -> (Delta.Entry, Delta)? {
      guard delta.entries.count == 1, let entry = delta.entries.first,
        Delta.size(key: entry.key.utf8.count, register: entry.register) > Limits.bulkFrame
      else { return nil }
      var rest = delta
      rest.entries = []
      return (entry, rest)
    }
    switch self {
    case .delta(let delta): return split(delta).map { ($0, .delta($1)) }
    case .bulk(.transfer(var part)):
      guard let (entry, rest) = split(part.delta) else { return nil }
      part.delta = rest
      return (entry, .bulk(.transfer(part)))
    case .exchange(var part):
      guard let (entry, rest) = split(part.delta) else { return nil }
      part.delta = rest
      return (entry, .exchange(part))
    default: return nil
    }
  }
}
