import ClusterCore

/// Knows every write that a member acknowledged and what it had seen, and judges each change of a
/// register by that alone, without looking at the core's clocks and contexts.
///
/// A write's *past* is what its member held of the key when it wrote, and the pasts of that. Then,
/// as long as a process lives:
/// - what it holds was written, with the value that was written (I6, I7);
/// - a value that it held goes only when something takes its place that had seen it (L6);
/// - what it held, or held the successor of, doesn't come (back) (L7).
///
/// A delete may go by itself: when it is stable, it is forgotten. If that was too early, a value of
/// its past comes back, and the last rule notices.
struct WriteOracle {
  private struct Identity: Hashable {
    var key: Key
    var origin: Origin
    var stamp: Stamp
  }

  private struct Moment: Hashable {
    var key: Key
    var time: UInt64
  }

  private struct Write {
    var key: Int
    /// Its place among the writes of its key.
    var place: Int
    var value: [UInt8]?
    /// What a member made of it; none when a delete left nothing.
    var candidate: Candidate?
    /// The places of those that it had seen.
    var past: Places
    /// Which members' present processes held it at some time.
    var holders: [Int] = []
    /// Whether a later write had seen it.
    var isCovered = false
  }

  private struct Holder {
    /// For each key the writes that it holds.
    var held: [[Int]] = []
    /// For each key the writes whose successors it has seen.
    var covered: [Places] = []
  }

  /// Whether deletes are forgotten though a member that is away hasn't seen them.
  var forgetsAbsent = false
  private var writes: [Write] = []
  private var byIdentity: [Identity: Int] = [:]
  /// Of one key several members may have written at one time.
  private var byTime: [Moment: [Int]] = [:]
  private var keyNumbers: [Key: Int] = [:]
  private(set) var keys: [Key] = []
  /// How many writes of each key there are.
  private var counts: [Int] = []
  private var holders: [Holder]
  /// For each key the writes that a delete had seen which somebody has forgotten since: then all
  /// expected members knew it, and none of these may come to anybody any more.
  private var buried: [Places] = []

  init(members: Int) { holders = Array(repeating: Holder(), count: members) }

  /// How many writes were acknowledged.
  var count: Int { writes.count }

  /// A process starts: it holds nothing.
  mutating func begin(_ member: Int) { holders[member] = Holder() }

  /// A process sets aside all that it holds, until it knows what the others know: its disk turned out
  /// to be older than what it had told them. It begins anew, and yet must not lose what only it held.
  mutating func setAside(_ member: Int) { holders[member] = Holder() }

  /// A process ends: what only it held may be lost.
  mutating func end(_ member: Int) {
    holders[member] = Holder()
    for index in writes.indices { writes[index].holders.removeAll { $0 == member } }
  }

  /// A member acknowledged a write. `candidate` is what it made of it; none when a delete left
  /// nothing; `others` what it knew to be over elsewhere, by an operator's decision.
  mutating func wrote(
    _ key: Key, value: [UInt8]?, candidate: Candidate?, over others: [Candidate] = [],
    at member: Int
  ) -> Broken? {
    let number = self.number(of: key)
    var past = Places()
    let elsewhere = others.compactMap {
      byIdentity[Identity(key: key, origin: $0.origin, stamp: $0.stamp)]
    }
    for write in held(number, by: member) + elsewhere {
      past.formUnion(writes[write].past)
      past.insert(writes[write].place)
      // What that one had seen was covered when it was written.
      writes[write].isCovered = true
    }
    let index = writes.count
    writes.append(
      Write(key: number, place: counts[number], value: value, candidate: candidate, past: past))
    counts[number] += 1
    guard let candidate else {
      cover(past, of: number, by: member)
      return nil
    }
    guard candidate.value == value else {
      return Broken(.provenance, "\(key.text): another value than was written")
    }
    let identity = Identity(key: key, origin: candidate.origin, stamp: candidate.stamp)
    // A stamp may come again after a clock was set back: once the delete that bore it is stable and
    // its writer has forgotten it. Others may still hold that delete.
    if let earlier = byIdentity[identity],
      holders.indices.contains(where: {
        ($0 == member || writes[earlier].value != nil) && held(number, by: $0).contains(earlier)
      })
    {
      return Broken(.uniqueness, "\(key.text): one stamp for two writes")
    }
    byIdentity[identity] = index
    byTime[Moment(key: key, time: candidate.stamp.time), default: []].append(index)
    return nil
  }

  /// A register of a member changed. What is wrong with it; none when it may be so.
  mutating func changed(_ key: Key, to candidates: [Candidate], at member: Int) -> Broken? {
    let number = self.number(of: key)
    if isHeld(candidates, number, by: member) { return nil }
    let before = held(number, by: member)
    var now: [Int] = []
    for candidate in candidates {
      let identity = Identity(key: key, origin: candidate.origin, stamp: candidate.stamp)
      guard
        let index = before.first(where: { writes[$0].candidate == candidate })
          ?? byIdentity[identity] ?? reissued(candidate, as: identity)
      else {
        return Broken(
          .provenance,
          "\(key.text): nobody wrote what \(candidate.origin) has at \(candidate.stamp)")
      }
      guard writes[index].value == candidate.value else {
        return Broken(.uniqueness, "\(key.text): write \(index) has another value")
      }
      now.append(index)
    }
    for write in before where !now.contains(write) {
      let isReplaced = now.contains { writes[$0].past.contains(writes[write].place) }
      guard isReplaced || writes[write].value == nil || isDeletedElsewhere(write) else {
        return Broken(
          .growth,
          "\(key.text): write \(write) was dropped and nothing in its place had seen it")
      }
    }
    for write in before where now.isEmpty && writes[write].value == nil {
      bury(write, of: number)
    }
    for write in now where !before.contains(write) {
      if writes[write].value != nil, number < buried.count,
        buried[number].contains(writes[write].place)
      {
        return Broken(
          .resurrection, "\(key.text): write \(write) came after its delete was forgotten")
      }
      guard !isCovered(write, by: member) else {
        return Broken(
          .resurrection,
          "\(key.text): write \(write) came although its successor had been here")
      }
    }
    for write in now {
      cover(writes[write].past, of: number, by: member)
      if !writes[write].holders.contains(member) { writes[write].holders.append(member) }
    }
    for write in now where isCovered(write, by: member) {
      return Broken(
        .concurrency, "\(key.text): write \(write) is held beside its successor")
    }
    while holders[member].held.count <= number { holders[member].held.append([]) }
    holders[member].held[number] = now
    return nil
  }

  /// After everything has converged: the acknowledged write that is nowhere, though a process that
  /// held it lives, and nothing that had seen it took its place.
  func missing(among members: [Int]) -> Broken? {
    guard let first = members.first else { return nil }
    for index in writes.indices where writes[index].value != nil && !writes[index].isCovered {
      let write = writes[index]
      guard write.holders.contains(where: members.contains) else { continue }
      guard held(write.key, by: first).contains(index) else {
        return Broken(.lostWrite, "\(keys[write.key].text): write \(index) is nowhere")
      }
    }
    return nil
  }

  /// The write that came again under another origin: written by a boot that was jumped past, or handed
  /// over by a process that gave up its ordinal. Its time and its value stay.
  private mutating func reissued(_ candidate: Candidate, as identity: Identity) -> Int? {
    let written = byTime[Moment(key: identity.key, time: candidate.stamp.time)] ?? []
    guard
      let index = written.last(where: {
        writes[$0].value == candidate.value
          && writes[$0].candidate?.origin.ordinal == candidate.origin.ordinal
      }) ?? written.last(where: { writes[$0].value == candidate.value })
    else { return nil }
    byIdentity[identity] = index
    return index
  }

  /// Whether just these are what a member is known to hold of a key, by its number: then nothing
  /// happened.
  func isHeld(_ candidates: [Candidate], _ key: Int, by member: Int) -> Bool {
    guard key < holders[member].held.count, holders[member].held[key].count == candidates.count
    else { return false }
    for (index, candidate) in candidates.enumerated()
    where writes[holders[member].held[key][index]].candidate != candidate {
      return false
    }
    return true
  }

  /// Whether something that had seen a write may be forgotten by all who had it: then a full exchange
  /// with a member that was away for too long drops the write there, too.
  private func isDeletedElsewhere(_ write: Int) -> Bool {
    forgetsAbsent && writes[write].isCovered
  }

  private mutating func bury(_ delete: Int, of key: Int) {
    while buried.count <= key { buried.append(Places()) }
    buried[key].formUnion(writes[delete].past)
  }

  private mutating func number(of key: Key) -> Int {
    if let number = keyNumbers[key] { return number }
    keyNumbers[key] = keys.count
    keys.append(key)
    counts.append(0)
    return keys.count - 1
  }

  private func held(_ key: Int, by member: Int) -> [Int] {
    key < holders[member].held.count ? holders[member].held[key] : []
  }

  private func isCovered(_ write: Int, by member: Int) -> Bool {
    let key = writes[write].key
    return key < holders[member].covered.count
      && holders[member].covered[key].contains(writes[write].place)
  }

  private mutating func cover(_ past: Places, of key: Int, by member: Int) {
    guard !past.isEmpty else { return }
    while holders[member].covered.count <= key { holders[member].covered.append(Places()) }
    holders[member].covered[key].formUnion(past)
  }
}

/// Writes of one key, by their places among them. Who writes has mostly seen all that was written
/// before, so ten thousand places are a range or two. (The library's `RangeSet` takes memory for each
/// change, of which a run has thousands.)
private struct Places {
  /// In order; none touches another.
  private var ranges: [Range<Int>] = []

  var isEmpty: Bool { ranges.isEmpty }

  func contains(_ place: Int) -> Bool {
    let index = ranges.partitioningIndex { $0.upperBound > place }
    return index < ranges.count && ranges[index].lowerBound <= place
  }

  mutating func insert(_ place: Int) { insert(place..<place + 1) }

  mutating func formUnion(_ other: Places) {
    if ranges.isEmpty {
      ranges = other.ranges
    } else {
      for range in other.ranges { insert(range) }
    }
  }

  private mutating func insert(_ range: Range<Int>) {
    let first = ranges.partitioningIndex { $0.upperBound >= range.lowerBound }
    var (end, low, high) = (first, range.lowerBound, range.upperBound)
    while end < ranges.count, ranges[end].lowerBound <= high {
      low = min(low, ranges[end].lowerBound)
      high = max(high, ranges[end].upperBound)
      end += 1
    }
    if end == first + 1 {
      ranges[first] = low..<high
    } else {
      ranges.replaceSubrange(first..<end, with: CollectionOfOne(low..<high))
    }
  }
}
