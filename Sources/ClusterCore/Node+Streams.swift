/// What is too large for datagrams: single values, and transfers of all that another member lacks.
/// One frame is under way at a time, so that bulk never delays a heartbeat and memory stays bounded.
extension Node {
  /// Gives the next frame to the stream to a member, or asks for a stream.
  mutating func pump(_ ordinal: Int, at now: Moment, into effects: inout [Effect]) {
    let line = peers[ordinal].line
    guard line.transfer != nil || !line.large.isEmpty else { return }
    switch line.connection {
    case .none:
      guard let address = peers[ordinal].address, !peers[ordinal].isApart else { return }
      peers[ordinal].line.connection = .connecting(until: now.instant + .seconds(3))
      effects.append(.connect(ordinal: ordinal, address))
    case .connecting, .open(_, isWritable: false): break
    case .open(let stream, isWritable: true):
      guard let section = nextBulk(ordinal, at: now) else { return }
      let packet = Packet(
        header: header(to: ordinal, boot: peers[ordinal].boot, at: now),
        sections: [section])
      peers[ordinal].line.connection = .open(stream, isWritable: false)
      effects.append(.sendFrame(stream, packet.encoded()))
    }
  }

  private mutating func nextBulk(_ ordinal: Int, at now: Moment) -> Section? {
    if !peers[ordinal].line.large.isEmpty { return .delta(nextLarge(ordinal)) }
    guard var transfer = peers[ordinal].line.transfer else { return nil }
    guard transfer.boot == peers[ordinal].boot else {
      peers[ordinal].line.transfer = nil
      store.counters.transfersOutlived += 1
      return nil
    }
    let isFirst = transfer.cursor == 0
    var delta = Delta(mark: 0, claim: nil, entries: [])
    var size = 0
    defer { store.counters.syncBytes += UInt64(size) }
    while transfer.cursor < RegisterTable.Slot(store.table.slots), size < Limits.bulkFrame {
      let slot = transfer.cursor
      transfer.cursor += 1
      guard let record = store.table[slot], store.lacks(transfer.clock, record.register) else {
        continue
      }
      store.expose(slot)
      size += Delta.size(key: record.key.utf8.count, register: record.register)
      delta.entries.append(Delta.Entry(key: record.key, register: record.register))
    }
    let isLast = transfer.cursor >= RegisterTable.Slot(store.table.slots)
    if isLast {
      delta.mark = transfer.mark
      delta.claim = transfer.claim
      delta.forgotten = store.forgotten
      peers[ordinal].line.transfer = nil
      store.counters.transferSpans.observe(now.instant.since(transfer.startedAt))
    } else {
      peers[ordinal].line.transfer = transfer
    }
    if transfer.exchange != 0 {
      return nextExchangePart(delta, of: transfer, isFirst: isFirst, isLast: isLast)
    }
    return .delta(delta)
  }

  private mutating func nextLarge(_ ordinal: Int) -> Delta {
    var delta = Delta(mark: 0, claim: nil, entries: [])
    var size = 0
    while let slot = peers[ordinal].line.large.first, size < Limits.bulkFrame {
      peers[ordinal].line.large.removeFirst()
      guard let record = store.table[slot] else { continue }
      // It may have been written anew since it was queued: that dot is out now.
      store.expose(slot)
      size += Delta.size(key: record.key.utf8.count, register: record.register)
      delta.entries.append(Delta.Entry(key: record.key, register: record.register))
    }
    return delta
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
      noteConnectFailed(ordinal, refused: false, at: now, into: &effects)
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

  /// Forgets the stream to a member, with what was to go over it.
  private mutating func endLine(_ ordinal: Int) {
    if peers[ordinal].line.transfer != nil { store.counters.transfersFailed += 1 }
    peers[ordinal].line = Line()
  }
}
