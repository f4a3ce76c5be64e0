/// Who hears whom.
extension Node {
  /// How far apart a member's rows are told for each byte that one has: 50 bytes a second, however
  /// many members there are.
  static let rowPace = Span64.milliseconds(20)
  /// How often a row is told again although nobody's reach has changed: round trips drift.
  static let rowRefresh = Span64.seconds(300)

  /// Who hears whom, by ordinal counted from zero: row `a`, column `b` is how `a` hears `b`. This
  /// member's own row is measured, the others' are what they last told; a member that isn't live has
  /// none. In clusters of more than `ReachabilityRow.mostUnasked` only rows with a bad link are told,
  /// in those of more than `ReachabilityRow.mostMembers` none.
  package var reachability: [[Reach]] {
    var matrix = Array(
      repeating: Array(repeating: Reach.unknown, count: configuration.size),
      count: configuration.size)
    for (from, row) in reachabilityRows { matrix[from] = row.cells.map(ReachabilityRow.reach) }
    return matrix
  }

  /// The rows that are known, by ordinal.
  package var reachabilityRows: [(from: Int, row: ReachabilityRow)] {
    (0..<configuration.size).compactMap { from in
      let row = from == ordinal ? row : peers[from].row
      let isKnown = from == ordinal || peers.isLive(from)
      return isKnown && !row.cells.isEmpty ? (from, row) : nil
    }
  }

  /// Which live members hear a member, one or both ways, as far as they told. This one included.
  package func hearers(of ordinal: Int) -> [Int] {
    reachabilityRows.filter { from, row in
      from != ordinal && row.cells.indices.contains(ordinal)
        && row.cells[ordinal] >= ReachabilityRow.oneWay
    }.map(\.from)
  }

  /// Pairs of live members of whom one hears the other and the other doesn't hear the one, or gets
  /// answers only through others.
  package var asymmetricLinks: [(from: Int, to: Int)] {
    let matrix = reachability
    var found: [(from: Int, to: Int)] = []
    for from in matrix.indices {
      for to in matrix.indices where from != to && peers.isLive(from) && peers.isLive(to) {
        // What `from` sends doesn't reach `to`, which itself is heard by `from`.
        guard matrix[to][from] == .unheard, matrix[from][to] == .oneWay else { continue }
        found.append((from, to))
      }
    }
    return found
  }

  /// Takes what a probe showed. The row is told anew when somebody's reach changed.
  mutating func noteReach(of target: Int, answers: Bool, at now: Moment) {
    peers[target].answers = answers
    refreshCell(of: target, at: now)
  }

  private mutating func refreshCell(of target: Int, at now: Moment) {
    if row.cells.count != configuration.size {
      row.cells = Array(repeating: ReachabilityRow.unknown, count: configuration.size)
    }
    let cell: UInt8
    if !peers.isLive(target) {
      cell = ReachabilityRow.unheard
    } else if peers[target].answers == true {
      cell = ReachabilityRow.cell(peers[target].roundTrip.smoothed)
    } else {
      cell = hears(target, at: now) ? ReachabilityRow.oneWay : ReachabilityRow.unheard
    }
    let old = row.cells[target]
    row.cells[target] = cell
    // A round trip that drifts is no news; the refresh brings it.
    guard min(old, ReachabilityRow.oneWay + 1) != min(cell, ReachabilityRow.oneWay + 1) else {
      return
    }
    // The first round of probes fills the row one by one: it is told when it is whole.
    let isPartial = others.contains {
      row.cells[$0] == ReachabilityRow.unknown && peers.isLive($0)
    }
    if old == ReachabilityRow.unknown, isPartial { return }
    rowEdition += 1
  }

  /// Whether a member was heard within the time in which its own probes come round.
  private func hears(_ target: Int, at now: Moment) -> Bool {
    guard let heardAt = peers[target].heardAt else { return false }
    let round = configuration.timing.probeInterval * UInt64(2 * configuration.size)
    return now.instant.since(heardAt) < min(round, .seconds(30))
  }

  /// This member's row, for a member that hasn't this edition of it yet.
  mutating func rowSection(for ordinal: Int, at now: Moment) -> Section? {
    guard configuration.size <= ReachabilityRow.mostMembers, !row.cells.isEmpty,
      peers.isLive(ordinal)
    else { return nil }
    guard now.instant >= rowNextAt, rowEdition > 0 else { return nil }
    let since = now.instant.since(peers[ordinal].rowToldAt)
    let isNew = peers[ordinal].rowTold != rowEdition
    // Where links flap, so would the row.
    guard since >= (isNew ? .seconds(1) : Self.rowRefresh),
      peers[ordinal].rowTold > 0 || isRowWorthTelling
    else { return nil }
    peers[ordinal].rowTold = rowEdition
    peers[ordinal].rowToldAt = now.instant
    rowNextAt = now.instant + Self.rowPace * UInt64(configuration.size)
    return .reachability(row)
  }

  /// Whether others have a use for this member's row: where they are many, only if a link is bad.
  private var isRowWorthTelling: Bool {
    if configuration.size <= ReachabilityRow.mostUnasked { return true }
    for other in row.cells.indices
    where (ReachabilityRow.unheard...ReachabilityRow.oneWay).contains(row.cells[other]) {
      if other != ordinal, peers.isLive(other) { return true }
    }
    return false
  }

  mutating func hearRow(_ row: ReachabilityRow, of source: Int) {
    guard row.cells.count == configuration.size else { return reject(.malformed) }
    peers[source].row = row
  }
}
