import ClusterCore

/// Who reaches whom, and how each direction behaves.
struct Network {
  private let count: Int
  private let seed: UInt64
  private var directions: [Direction]
  /// Directions that hold back what they carry; none at all most of the time.
  private var clogged: [Int] = []
  private var kinds: [Link]

  /// One direction between two hosts. All of it lies together: among a thousand hosts there are a
  /// million, and each datagram reads one.
  private struct Direction {
    var lastArrival: UInt64 = 0
    /// How many draws it has made.
    var draws: UInt32 = 0
    /// Which of `kinds` it is.
    var kind: UInt16 = 0
    var isOpen = true
  }

  init(count: Int, link: Link, seed: UInt64) {
    self.count = count
    self.seed = seed
    directions = Array(repeating: Direction(), count: count * count)
    kinds = [link]
  }

  /// What becomes of one datagram.
  struct Fate {
    /// When it arrives; none when it is lost.
    var arrival: UInt64?
    /// When a second copy arrives.
    var copy: UInt64?
    /// Which bits arrive flipped.
    var flips: [Int]?
  }

  /// Whether what `from` sends reaches `to`.
  func reaches(_ from: Int, _ to: Int) -> Bool {
    directions[from * count + to].isOpen
  }

  /// Whether both reach each other.
  func connects(_ a: Int, _ b: Int) -> Bool { reaches(a, b) && reaches(b, a) }

  /// Whether a direction holds back what it carries.
  func isClogged(_ from: Int, _ to: Int) -> Bool {
    !clogged.isEmpty && clogged.contains(from * count + to)
  }

  /// Whether streams between two hosts make progress.
  func carries(_ a: Int, _ b: Int) -> Bool {
    connects(a, b) && !isClogged(a, b) && !isClogged(b, a)
  }

  /// Clogs or unclogs one direction.
  mutating func setClogged(_ from: Int, _ to: Int, _ isClogged: Bool) {
    clogged.removeAll { $0 == from * count + to }
    if isClogged { clogged.append(from * count + to) }
  }

  /// All clogged directions.
  var allClogged: [(from: Int, to: Int)] { clogged.map { ($0 / count, $0 % count) } }

  /// How the direction behaves.
  func link(_ from: Int, _ to: Int) -> Link {
    kinds[Int(directions[from * count + to].kind)]
  }

  /// The draws for the next datagram or segment of a direction. Each has draws of its own: what
  /// becomes of one depends on no other.
  private mutating func nextDraw(_ from: Int, _ to: Int) -> Randomness {
    let index = from * count + to
    directions[index].draws &+= 1
    return RandomStream.link.generator(seed, UInt64(index), UInt64(directions[index].draws))
  }

  /// Draws what becomes of a datagram of `size` bytes that is sent now.
  mutating func fate(from: Int, to: Int, size: Int, at now: UInt64) -> Fate {
    let index = from * count + to
    var random = nextDraw(from, to)
    let kind = Int(directions[index].kind)
    guard directions[index].isOpen, !kinds[kind].loss.happens(&random) else { return Fate() }
    var fate = Fate()
    let arrival = now + kinds[kind].latency.draw(&random)
    if kinds[kind].reorder.happens(&random) {
      fate.arrival = arrival + random.below(8 * kinds[kind].latency.mean + 1)
    } else {
      directions[index].lastArrival = max(arrival, directions[index].lastArrival)
      fate.arrival = directions[index].lastArrival
    }
    if kinds[kind].duplicate.happens(&random) {
      fate.copy = arrival + random.below(20 * kinds[kind].latency.mean + 1)
    }
    if size > 0, kinds[kind].corrupt.happens(&random) {
      let flips = 1 + random.below(4)
      fate.flips = (0..<flips).map { _ in Int(random.below(UInt64(size) * 8)) }
    }
    return fate
  }

  /// Draws how long a stream's segment of `size` bytes takes. A lost one is sent again.
  mutating func streamDelay(from: Int, to: Int, size: Int) -> UInt64 {
    var random = nextDraw(from, to)
    let link = link(from, to)
    let again = link.loss.happens(&random) ? UInt64(200_000_000) : 0
    return link.latency.draw(&random) + again
      + UInt64(size) * 1_000_000_000 / link.bytesPerSecond
  }

  /// Sets every direction by a rule.
  mutating func reachability(_ rule: (Int, Int) -> Bool) {
    for from in 0..<count {
      for to in 0..<count {
        directions[from * count + to].isOpen = from == to || rule(from, to)
      }
    }
  }

  /// Opens or cuts one direction.
  mutating func set(_ from: Int, _ to: Int, open isOpen: Bool) {
    directions[from * count + to].isOpen = isOpen
  }

  /// Changes both directions between two hosts.
  mutating func setLink(_ a: Int, _ b: Int, _ link: Link) {
    let kind = kind(of: link)
    directions[a * count + b].kind = kind
    directions[b * count + a].kind = kind
  }

  /// Changes all directions.
  mutating func setLinks(_ link: Link) {
    kinds = [link]
    for index in directions.indices { directions[index].kind = 0 }
  }

  private mutating func kind(of link: Link) -> UInt16 {
    if let known = kinds.firstIndex(of: link) { return UInt16(known) }
    precondition(kinds.count < 1 << 16, "at most 65,536 kinds of links in one run")
    kinds.append(link)
    return UInt16(kinds.count - 1)
  }

  /// The hosts of `members` in groups that reach each other, directly or through others, both ways;
  /// each with whether all of the group reach each other directly. Complexity: O(members²).
  func components(of members: [Int]) -> [Component] {
    var rest = members
    var found: [Component] = []
    while let first = rest.first {
      var group = [first]
      rest.removeFirst()
      var index = 0
      while index < group.count {
        let here = group[index]
        let others = rest
        rest.removeAll(keepingCapacity: true)
        for other in others {
          if carries(here, other) { group.append(other) } else { rest.append(other) }
        }
        index += 1
      }
      group.sort()
      let isWhole = group.allSatisfy { a in group.allSatisfy { carries(a, $0) } }
      found.append(Component(members: group, isWhole: isWhole))
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
