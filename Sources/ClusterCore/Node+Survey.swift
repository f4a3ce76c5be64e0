/// What is pending while groups are apart: each group's keys are asked for, so that they can be shown
/// before anybody decides.
extension Node {
  /// How often, at most, the preview of a group is taken anew.
  static let surveyInterval = Span64.seconds(5)
  /// A member that was not heard for longer can't be asked.
  static let reachable = Span64.seconds(20)
  /// How many slots are looked at for one answer.
  static let slotsSurveyed = 16_384

  /// The groups that are apart and can be reached: their members, by the lowest ordinals. One that was
  /// separated on request is none of them, unless this member is.
  func foreignGroups(at now: Instant) -> [[Int]] {
    var digests: [UInt64] = []
    var groups: [[Int]] = []
    for ordinal in others where peers.has(.apart, ordinal) {
      guard peers[ordinal].state != .left, let theirs = peers[ordinal].group,
        theirs.hermit == nil || isSeparated, let heardAt = peers[ordinal].heardAt,
        now.since(heardAt) < Self.reachable
      else { continue }
      if let index = digests.firstIndex(of: theirs.digest) {
        groups[index].append(ordinal)
      } else {
        digests.append(theirs.digest)
        groups.append([ordinal])
      }
    }
    return groups
  }

  /// How this side's store differs from those of the groups that are apart. Complexity: O(differences),
  /// O(keys) where one side has forgotten deletes since.
  package func pending(at now: Instant) -> PendingRecovery {
    PendingRecovery(
      groups: foreignGroups(at: now).map { members in
        var group = PendingGroup(members: members.map(member))
        let digest = peers[members[0]].group?.digest
        guard let preview = previews.first(where: { $0.group == digest }) else { return group }
        for key in preview.keys {
          let here = store.register(key)
          if let here, store.lacks(preview.theirs, here) {
            group.inConflict.append(key.text)
          } else {
            group.onlyThere.append(key.text)
          }
        }
        let (here, isWhole) = store.keysUnknown(to: preview.theirs, limit: Limits.pendingKeys)
        for key in here {
          let index = preview.keys.partitioningIndex { $0 >= key }
          guard index == preview.keys.count || preview.keys[index] != key else { continue }
          group.onlyHere.append(key.text)
        }
        group.isComplete = isWhole && !preview.isTruncated
        return group
      })
  }

  /// Goes on with the survey that runs, or begins the next one.
  mutating func runSurvey(at now: Moment, into effects: inout [Effect]) {
    // Asked before it is bound: that copies it, and there is none nearly always.
    if case .some = survey, let running = survey {
      guard now.instant >= running.nextAt else { return }
      guard running.tried < Survey.tries, peers[running.ordinal].boot == running.boot else {
        survey = nil
        if running.purpose == .decision {
          endSettlement(.failure(.unanswered(member(running.ordinal))), into: &effects)
        }
        return
      }
      return ask(at: now, into: &effects)
    }
    guard phase == .running, settlement == nil, peers.liveCount < configuration.size,
      now.instant >= nextPreview
    else { return }
    nextPreview = now.instant + .seconds(1)
    let groups = foreignGroups(at: now.instant)
    previews.removeAll { preview in
      !groups.contains { peers[$0[0]].group?.digest == preview.group }
    }
    for members in groups {
      let peer = peers[members[0]]
      if let preview = previews.first(where: { $0.group == peer.group?.digest }) {
        guard preview.clockDigest != peer.clockDigest,
          now.instant.since(preview.takenAt) > Self.surveyInterval
        else { continue }
      }
      return begin(.preview, of: members[0], at: now, into: &effects)
    }
  }

  /// Begins a survey of a group, by asking one of its members.
  mutating func begin(
    _ purpose: Survey.Purpose, of ordinal: Int, at now: Moment, into effects: inout [Effect]
  ) {
    let peer = peers[ordinal]
    survey = Survey(
      purpose: purpose, ordinal: ordinal, boot: peer.boot, group: peer.group?.digest ?? 0,
      clockDigest: peer.clockDigest, range: 0..<0, nextAt: now.instant,
      theirs: StoreClock(range: 0..<configuration.size))
    nextRange(at: now, into: &effects)
  }

  /// Asks of the next ordinals, or ends.
  private mutating func nextRange(at now: Moment, into effects: inout [Effect]) {
    guard let running = survey else { return }
    let start = running.range.upperBound
    guard start < configuration.size else { return finishSurvey(at: now, into: &effects) }
    var (size, end) = (24, start)
    while end < configuration.size {
      size += store.known.encodedSize(end)
      guard size <= Self.digestBudget || end == start else { break }
      end += 1
    }
    var clock = store.known.restricted(to: start..<end)
    if size > Self.digestBudget {
      clock.keepNewestActors(of: start, bytes: Self.digestBudget - 24)
    }
    survey?.range = start..<end
    survey?.page = Survey.Request(mark: 0, cursor: 0, wantsClock: true, clock: clock)
    survey?.tried = 0
    ask(at: now, into: &effects)
  }

  private mutating func ask(at now: Moment, into effects: inout [Effect]) {
    guard var running = survey else { return }
    running.tried += 1
    running.nextAt = now.instant + Survey.patience
    running.page.mark = randomness.next()
    survey = running
    send([.survey(running.page)], to: running.ordinal, now: now, into: &effects)
  }

  /// Tells a member of another group which keys it lacks.
  mutating func answerSurvey(
    _ request: Survey.Request, _ arrival: Arrival, at now: Moment, into effects: inout [Effect]
  ) {
    guard request.clock.range.upperBound <= configuration.size else { return reject(.malformed) }
    guard phase == .running, peers[arrival.source].isApart else { return }
    var page = Survey.Page(mark: request.mark, next: nil, clock: nil, findings: [])
    // The group may have to be told beside it, if it isn't known there.
    var room = Self.digestBudget - Survey.Page.overhead
    if request.wantsClock {
      page.clock = store.known.restricted(to: request.clock.range)
      room -= request.clock.range.reduce(24) { $0 + store.known.encodedSize($1) }
      for ordinal in request.clock.range where room < 0 {
        page.clock?.keepNewestActors(of: ordinal, bytes: 40)
        room =
          page.clock.map { clock in
            Self.digestBudget - clock.range.reduce(24) { $0 + clock.encodedSize($1) }
          } ?? room
      }
    }
    let slots = RegisterTable.Slot(store.table.slots)
    var cursor = request.cursor
    let end = min(slots, cursor.addingReportingOverflow(UInt32(Self.slotsSurveyed)).partialValue)
    while cursor < end {
      if let finding = store.finding(cursor, for: request.clock) {
        let size = Survey.Finding.size(key: finding.key.utf8.count)
        let dots = finding.dots.prefix(max(0, (room - size) / Survey.Finding.dotSize))
        // Many dots of one key that fits into no other page are cut off.
        let fits = dots.count == finding.dots.count
        guard fits || (page.findings.isEmpty && !request.wantsClock && !dots.isEmpty) else { break }
        room -= size + dots.count * Survey.Finding.dotSize
        page.findings.append(
          Survey.Finding(key: finding.key, time: finding.time, dots: Array(dots)))
      }
      cursor += 1
    }
    if cursor < slots { page.next = cursor }
    send(
      [.surveyed(page)], to: arrival.source, at: arrival.origin.address, now: now, into: &effects)
  }

  /// Takes a page of what another group has.
  mutating func hearSurveyed(
    _ page: Survey.Page, _ arrival: Arrival, at now: Moment, into effects: inout [Effect]
  ) {
    guard var running = survey, running.ordinal == arrival.source, running.page.mark == page.mark
    else { return }
    let newest = newestPlausibleBoot(at: now)
    let isSound = page.findings.allSatisfy { finding in
      finding.dots.allSatisfy { $0.actor.ordinal < Limits.members && $0.actor.boot <= newest }
    }
    guard isSound, page.clock.map({ $0.range.upperBound <= configuration.size }) ?? true else {
      return reject(.forged)
    }
    running.add(page)
    running.tried = 0
    if let next = page.next {
      guard next > running.page.cursor || running.page.wantsClock else { return reject(.malformed) }
      running.page.cursor = next
      running.page.wantsClock = false
    }
    let isFull =
      switch running.purpose {
      case .preview: running.findings.count >= Limits.pendingKeys
      case .decision: running.bytes > Survey.mostBytes
      }
    running.isTruncated = isFull
    survey = running
    if isFull {
      finishSurvey(at: now, into: &effects)
    } else if page.next == nil {
      nextRange(at: now, into: &effects)
    } else {
      ask(at: now, into: &effects)
    }
  }

  private mutating func finishSurvey(at now: Moment, into effects: inout [Effect]) {
    guard let done = survey else { return }
    survey = nil
    switch done.purpose {
    case .decision: settle(done, at: now, into: &effects)
    case .preview:
      let keys = done.findings.map(\.key).sorted()
      let distinct = keys.indices.filter { $0 == 0 || keys[$0] != keys[$0 - 1] }
      previews.removeAll { $0.group == done.group }
      previews.append(
        Preview(
          group: done.group, clockDigest: done.clockDigest, takenAt: now.instant,
          theirs: done.theirs, keys: distinct.map { keys[$0] }, isTruncated: done.isTruncated))
    }
  }
}

extension Store {
  /// What a slot holds that somebody who knows `clock` lacks.
  func finding(_ slot: RegisterTable.Slot, for clock: StoreClock) -> Survey.Finding? {
    guard let record = table[slot] else { return nil }
    let dots = record.register.dots.filter {
      clock.range.contains($0.actor.ordinal) && !clock.contains($0)
    }
    guard !dots.isEmpty else { return nil }
    return Survey.Finding(key: record.key, time: record.register.time, dots: dots)
  }

  /// The keys of which somebody who knows `clock` lacks something, in order, at most `limit`; and
  /// whether these are all.
  func keysUnknown(to clock: StoreClock, limit: Int) -> (keys: [Key], isWhole: Bool) {
    var slots: [RegisterTable.Slot] = []
    var isLogged = true
    for lane in unstable.lanes {
      guard let entries = unstable.entries(of: lane.actor, after: clock.base(lane.actor)) else {
        isLogged = false
        break
      }
      slots += entries.lazy.map(\.slot)
    }
    for ordinal in 0..<size where known[ordinal].sealedThrough > clock[ordinal].sealedThrough {
      isLogged = false
    }
    if !isLogged { slots = Array(0..<RegisterTable.Slot(table.slots)) }
    slots.sort()
    var keys: [Key] = []
    var last: RegisterTable.Slot?
    for slot in slots where slot != last {
      last = slot
      guard let record = table[slot], lacks(clock, record.register) else { continue }
      guard keys.count < limit else { return (keys.sorted(), false) }
      keys.append(record.key)
    }
    return (keys.sorted(), true)
  }
}
