import ClusterCore

/// Who reaches whom, and how each direction behaves.
struct Network {
  private let count: Int
  private var open: [Bool]
  private var links: [Link]
  private var random: [Randomness]
  private var lastArrival: [UInt64]

  init(count: Int, link: Link, seed: UInt64) {
    self.count = count
    open = Array(repeating: true, count: count * count)
    links = Array(repeating: link, count: count * count)
    lastArrival = Array(repeating: 0, count: count * count)
    random = (0..<count * count).map {
      RandomStream.link.generator(seed, UInt64($0 / count), UInt64($0 % count))
    }
  }

  /// What becomes of one datagram.
  struct Fate {
    /// When it arrives; none when it is lost.
    var arrival: UInt64?
    /// When a second copy arrives.
    var copy: UInt64?
    /// Which bits arrive flipped.
    var flips: [Int] = []
  }

  /// Whether what `from` sends reaches `to`.
  func reaches(_ from: Int, _ to: Int) -> Bool { open[from * count + to] }

  /// Whether both reach each other.
  func connects(_ a: Int, _ b: Int) -> Bool { reaches(a, b) && reaches(b, a) }

  /// How the direction behaves.
  func link(_ from: Int, _ to: Int) -> Link { links[from * count + to] }

  /// Draws what becomes of a datagram of `size` bytes that is sent now.
  mutating func fate(from: Int, to: Int, size: Int, at now: UInt64) -> Fate {
    let index = from * count + to
    let link = links[index]
    guard open[index], !link.loss.happens(&random[index]) else { return Fate() }
    var fate = Fate()
    let arrival = now + link.latency.draw(&random[index])
    if link.reorder.happens(&random[index]) {
      fate.arrival = arrival + random[index].below(8 * link.latency.mean + 1)
    } else {
      lastArrival[index] = max(arrival, lastArrival[index])
      fate.arrival = lastArrival[index]
    }
    if link.duplicate.happens(&random[index]) {
      fate.copy = arrival + random[index].below(20 * link.latency.mean + 1)
    }
    if size > 0, link.corrupt.happens(&random[index]) {
      let flips = 1 + random[index].below(4)
      fate.flips = (0..<flips).map { _ in Int(random[index].below(UInt64(size) * 8)) }
    }
    return fate
  }

  /// Draws how long a stream's segment of `size` bytes takes. A lost one is sent again.
  mutating func streamDelay(from: Int, to: Int, size: Int) -> UInt64 {
    let index = from * count + to
    let link = links[index]
    let again = link.loss.happens(&random[index]) ? UInt64(200_000_000) : 0
    return link.latency.draw(&random[index]) + again
      + UInt64(size) * 1_000_000_000 / link.bytesPerSecond
  }

  /// Sets every direction by a rule.
  mutating func reachability(_ rule: (Int, Int) -> Bool) {
    for from in 0..<count {
      for to in 0..<count { open[from * count + to] = from == to || rule(from, to) }
    }
  }

  /// Opens or cuts one direction.
  mutating func set(_ from: Int, _ to: Int, open isOpen: Bool) { open[from * count + to] = isOpen }

  /// Changes both directions between two hosts.
  mutating func setLink(_ a: Int, _ b: Int, _ link: Link) {
    links[a * count + b] = link
    links[b * count + a] = link
  }

  /// Changes all directions.
  mutating func setLinks(_ link: Link) {
    for index in links.indices { links[index] = link }
  }

  /// The hosts of `members` in groups that reach each other, directly or through others, both ways;
  /// each with whether all of the group reach each other directly.
  func components(of members: [Int]) -> [(members: [Int], isWhole: Bool)] {
    var rest = members
    var found: [(members: [Int], isWhole: Bool)] = []
    while let first = rest.first {
      var group = [first]
      var index = 0
      while index < group.count {
        let here = group[index]
        group += rest.filter { connects(here, $0) && !group.contains($0) }
        index += 1
      }
      rest.removeAll { group.contains($0) }
      group.sort()
      let isWhole = group.allSatisfy { a in group.allSatisfy { connects(a, $0) } }
      found.append((group, isWhole))
    }
    return found
  }

  /// Whether all directions among `members` carry each datagram once and in order: then nothing may
  /// look worse again after it looked well.
  func isOrderly(among members: [Int]) -> Bool {
    members.allSatisfy { a in
      members.allSatisfy { b in
        let link = link(a, b)
        return a == b
          || (link.loss.isZero && link.duplicate.isZero && link.reorder.isZero
            && link.corrupt.isZero)
      }
    }
  }

  /// Whether any direction among `members` that is open loses datagrams.
  func loses(among members: [Int]) -> Bool {
    members.contains { a in members.contains { a != $0 && !link(a, $0).loss.isZero } }
  }
}
