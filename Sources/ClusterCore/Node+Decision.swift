/// Deciding what becomes of groups that are apart.
///
/// To let one side stand, one of its members first asks the others which keys they wrote (`Survey`),
/// then writes each of these keys anew as its own side has it, with a context that covers what was
/// written there, and only then makes the groups one. So no member ever reads anything that the
/// decision undoes, on this side; and the others take the new writes as what came after their own.
extension Node {
  /// How long the other side may take to carry out a decision.
  static let decisionPatience = Span64.seconds(60)
  /// So many keys are written anew before what has come in is looked at.
  static let keysSettledAtOnce = 512

  /// Carries out an operator's decision; an answer follows, unless the token is zero.
  mutating func decide(
    _ decision: RecoveryDecision, token: UInt64, at now: Moment, into effects: inout [Effect]
  ) {
    let groups = foreignGroups(at: now.instant)
    let refusal: RecoveryFailure? =
      settlement != nil ? .busy : groups.isEmpty || phase != .running ? .nobodyApart : nil
    if let refusal {
      answer(token, .failure(refusal), into: &effects)
      return
    }
    var work = Settlement(decision: decision, token: token, groups: groups)
    switch decision {
    case .merge:
      settlement = work
      unite(at: now, into: &effects)
    case .keepLocal:
      if survey?.purpose == .preview { survey = nil }
      settlement = work
      begin(.decision, of: groups[0][0], at: now, into: &effects)
    case .adoptRemote:
      work.delegate = groups[0][0]
      work.until = now.instant + Self.decisionPatience
      settlement = work
      runSettlement(at: now, into: &effects)
    }
  }

  /// A group was surveyed for a decision: the next one is, or all of it is carried out.
  mutating func settle(_ done: Survey, at now: Moment, into effects: inout [Effect]) {
    guard settlement != nil else { return }
    guard !done.isTruncated else {
      return endSettlement(.failure(.tooManyKeys(limit: Survey.mostBytes)), into: &effects)
    }
    settlement?.findings += done.findings
    settlement?.surveyed += 1
    if settlement?.surveyed == settlement?.groups.count { settlement?.unifyFindings() }
    if let work = settlement, work.surveyed < work.groups.count {
      begin(.decision, of: work.groups[work.surveyed][0], at: now, into: &effects)
    } else {
      runSettlement(at: now, into: &effects)
    }
  }

  /// Goes on with a decision.
  mutating func runSettlement(at now: Moment, into effects: inout [Effect]) {
    // Asked before it is bound: that copies it, and there is none nearly always.
    guard case .some = settlement else { return }
    guard let work = settlement, survey?.purpose != .decision else { return }
    if let delegate = work.delegate {
      return runDelegation(to: delegate, work, at: now, into: &effects)
    }
    guard work.surveyed == work.groups.count else { return }
    let end = min(work.settled + Self.keysSettledAtOnce, work.findings.count)
    for finding in work.findings[work.settled..<end] {
      let change = store.keep(
        finding.key, over: finding.dots, after: finding.time,
        wallMilliseconds: now.wallMilliseconds)
      if let change { effects.append(.changed(change)) }
    }
    settlement?.settled = end
    if store.hasQueued || end < work.findings.count { effects.append(.flush) }
    // What was written leaves before the groups are one: the others then read nothing in between.
    guard end == work.findings.count else { return }
    settlement?.flushes += 1
    if !store.hasQueued || work.flushes > 64 { unite(at: now, into: &effects) }
  }

  /// Lets another group's member keep what it has, and waits until the groups are one.
  private mutating func runDelegation(
    to delegate: Int, _ work: Settlement, at now: Moment, into effects: inout [Effect]
  ) {
    guard peers[delegate].isApart else {
      return endSettlement(.success(work.outcome(member)), into: &effects)
    }
    guard now.instant < work.until else {
      return endSettlement(.failure(.unanswered(member(delegate))), into: &effects)
    }
    guard now.instant >= work.nextAt else { return }
    settlement?.nextAt = now.instant + .milliseconds(500)
    send([.decide(.keepLocal)], to: delegate, now: now, into: &effects)
  }

  /// Another group asks this one to let its own store stand.
  mutating func hearDecision(
    _ decision: RecoveryDecision, _ arrival: Arrival, at now: Moment,
    into effects: inout [Effect]
  ) {
    guard peers[arrival.source].isApart, settlement == nil, decision == .keepLocal else { return }
    decide(decision, token: 0, at: now, into: &effects)
  }

  /// Makes this group and those that were decided about one, in an epoch that overrides all of them.
  private mutating func unite(at now: Moment, into effects: inout [Effect]) {
    guard let work = settlement else { return }
    let united = work.groups.flatMap { $0 }
    if isSeparated {
      rejoin(at: now, into: &effects)
    } else {
      let epoch = peers.compactMap { $0.group?.epoch }.reduce(group.epoch, max) + 1
      let lost = group.lost.filter { !united.contains($0.ordinal) }
      adopt(Group(epoch: epoch, lost: lost), at: now, into: &effects)
    }
    for ordinal in united {
      peers[ordinal].groupDigest = 0
      contact(ordinal, at: [], now: now, into: &effects)
    }
    endSettlement(.success(work.outcome(member)), into: &effects)
  }

  mutating func endSettlement(
    _ result: Result<RecoveryOutcome, RecoveryFailure>, into effects: inout [Effect]
  ) {
    guard let work = settlement else { return }
    settlement = nil
    if survey?.purpose == .decision { survey = nil }
    previews = []
    if case .success(let outcome) = result {
      effects.append(
        .publish(
          .recovered(work.decision, members: outcome.members, keys: outcome.keys)))
    }
    answer(work.token, result, into: &effects)
  }

  private func answer(
    _ token: UInt64, _ result: Result<RecoveryOutcome, RecoveryFailure>,
    into effects: inout [Effect]
  ) {
    guard token != 0 else { return }
    effects.append(.answer(.recovered(token: token, result)))
  }

  /// When a survey or a decision goes on.
  var nextRecoveryStep: Instant {
    guard phase == .running else { return .distantFuture }
    if let survey { return survey.nextAt }
    if let work = settlement { return work.delegate == nil ? .distantFuture : work.nextAt }
    return peers.count(of: .apart) > 0 ? nextPreview : .distantFuture
  }
}

/// A decision that is being carried out.
struct Settlement: Hashable, Sendable {
  let decision: RecoveryDecision
  let token: UInt64
  /// The groups that it is about, by their members.
  let groups: [[Int]]
  /// How many of them were surveyed.
  var surveyed = 0
  var findings: [Survey.Finding] = []
  /// How many findings were written anew.
  var settled = 0
  /// How often what was written was pushed: somebody who writes all the time must not hold it up.
  var flushes = 0
  /// The member of another group that carries it out.
  var delegate: Int?
  var until = Instant.distantFuture
  var nextAt = Instant(nanoseconds: 0)

  init(decision: RecoveryDecision, token: UInt64, groups: [[Int]]) {
    self.decision = decision
    self.token = token
    self.groups = groups
  }

  /// Makes one finding of all that several groups have of a key.
  mutating func unifyFindings() {
    var unified: [Survey.Finding] = []
    for finding in findings.sorted(by: { $0.key < $1.key }) {
      guard var last = unified.last, last.key == finding.key else {
        unified.append(finding)
        continue
      }
      last.time = max(last.time, finding.time)
      last.dots += finding.dots.filter { !last.dots.contains($0) }
      unified[unified.count - 1] = last
    }
    findings = unified
  }

  func outcome(_ member: (Int) -> Member) -> RecoveryOutcome {
    RecoveryOutcome(members: groups.flatMap { $0 }.sorted().map(member), keys: settled)
  }
}

extension Store {
  /// Writes a key anew as it is here, having seen `dots` of it that were written elsewhere: they are
  /// over then. Where several versions are held the newest one is written.
  ///
  /// - Parameter time: The newest stamp among the dots.
  /// - Returns: What changed; none when the dots are known by now.
  mutating func keep(
    _ key: Key, over dots: [Dot], after time: UInt64, wallMilliseconds: UInt64
  ) -> KeyChange? {
    let unknown = dots.filter { !known.contains($0) && $0.actor != actor }
    widen(to: (unknown.map(\.actor.ordinal).max() ?? -1) + 1)
    guard !unknown.isEmpty, known.hasRoom(for: unknown) else { return nil }
    let slot = table.slot(key)
    let held = slot.flatMap { table[$0]?.register }
    follow(time, wallMilliseconds: wallMilliseconds)
    tick(wallMilliseconds)
    let seen = max(held?.time ?? 0, time)
    let stamp = max(self.time, seen == .max ? .max : seen + 1)
    follow(stamp, wallMilliseconds: wallMilliseconds)
    sequence += 1
    let dot = Dot(actor: actor, sequence: sequence)
    let newest = held?.versions.last
    let version = Version(
      dot: dot, time: stamp, expires: newest?.expires ?? 0, value: newest?.value)
    var register = Register(
      versions: [version],
      context: (held.map { Array($0.dots) } ?? forgotten.context(of: actor))
        .filter { $0.actor != actor })
    register.cover(unknown)
    let place = slot ?? add(key, register)
    if slot != nil { store(register, in: place) }
    table[place]?.isExposed = false
    for dot in unknown { known.insert(dot) }
    learn(dot)
    for dot in unknown { unstable.insert(dot, place) }
    unstable.insert(dot, place)
    enqueue(place)
    return change(place, origin: actor, cause: .recovery, wallMilliseconds: wallMilliseconds)
  }
}
