/// Which moments of the protocol were met under which shapes of the network: what a sweep has tried,
/// beyond the number of its seeds.
///
/// Each run counts, event by event, into a table of twelve shapes and eight moments. A cell that stays
/// empty over many seeds is a case that nobody has seen, unless it cannot be: where everyone is alone
/// nothing is refuted, merged or resolved.
public struct Coverage: Hashable, Sendable {
  /// The shape of the network among all members.
  public enum Shape: Int, CaseIterable, Sendable {
    /// Everyone reaches everyone.
    case whole
    /// Two sides of two members at least.
    case halves
    /// The lowest ordinal alone.
    case leaderAlone
    /// One other member alone.
    case oneAlone
    /// Three sides or more.
    case manySides
    /// Everyone alone.
    case allAlone
    /// Connected only through one member.
    case bridge
    /// Everyone reaches just two.
    case ring
    /// Some direction is cut while its opposite works.
    case oneWay
    /// Nothing that one member sends arrives.
    case mute
    /// Nothing arrives at one member.
    case deaf
    /// Some pairs are cut, in none of the other ways.
    case partial
  }

  /// A moment of the protocol.
  public enum Moment: Int, CaseIterable, Sendable {
    /// A member is probed.
    case probe
    /// Others are asked to probe it.
    case indirectProbe
    /// A member is suspected.
    case suspicion
    /// A suspicion is refuted.
    case refutation
    /// A member is taken for dead.
    case death
    /// What another member wrote is merged.
    case merge
    /// A conflict is met.
    case conflict
    /// Another leader is seen.
    case leaderChange
  }

  private var counts = Array(
    repeating: UInt64(0), count: Shape.allCases.count * Moment.allCases.count)

  /// An empty table.
  public init() {}

  /// How often a moment was met under a shape.
  public subscript(shape: Shape, moment: Moment) -> UInt64 {
    counts[shape.rawValue * Moment.allCases.count + moment.rawValue]
  }

  /// How many of the cells that can be met were met at least once.
  public var reached: Int {
    Shape.allCases.reduce(0) { sum, shape in
      sum + Moment.allCases.count { Self.isPossible(shape, $0) && self[shape, $0] > 0 }
    }
  }

  /// How many cells can be met at all.
  public static var possible: Int {
    Shape.allCases.reduce(0) { sum, shape in
      sum + Moment.allCases.count { isPossible(shape, $0) }
    }
  }

  /// Whether a cell must be met: alone, a member hears of nothing but what was on its way.
  public static func isPossible(_ shape: Shape, _ moment: Moment) -> Bool {
    shape != .allAlone || ![.refutation, .merge, .conflict].contains(moment)
  }

  mutating func note(_ moment: Moment, under shape: Shape) {
    counts[shape.rawValue * Moment.allCases.count + moment.rawValue] += 1
  }

  /// Adds another table.
  public mutating func add(_ other: Coverage) {
    for index in counts.indices { counts[index] += other.counts[index] }
  }
}

extension Coverage: CustomStringConvertible {
  /// A table: a line for each shape, a column for each moment, `-` for what cannot be.
  public var description: String {
    func padded(_ text: String, _ width: Int) -> String {
      String(repeating: " ", count: max(0, width - text.count)) + text
    }
    var lines = [
      padded("", 12) + Moment.allCases.map { padded("\($0)", 14) }.joined()
    ]
    for shape in Shape.allCases {
      let cells = Moment.allCases.map { moment in
        padded(Self.isPossible(shape, moment) ? "\(self[shape, moment])" : "-", 14)
      }
      lines.append(padded("\(shape)", 12) + cells.joined())
    }
    lines.append("\(reached) of \(Self.possible) cells")
    return lines.joined(separator: "\n")
  }
}

extension Network {
  /// The shape of the network among the first `count` hosts. Complexity: O(count²).
  func shape(among count: Int) -> Coverage.Shape {
    let members = Array(0..<count)
    var (cut, oneWay) = (0, 0)
    for a in members {
      for b in members.dropFirst(a + 1) where !connects(a, b) {
        cut += 1
        if reaches(a, b) || reaches(b, a) { oneWay += 1 }
      }
    }
    if cut == 0 { return .whole }
    if oneWay > 0 {
      for member in members where count > 1 {
        let others = members.filter { $0 != member }
        if others.allSatisfy({ !reaches(member, $0) && reaches($0, member) }) { return .mute }
        if others.allSatisfy({ reaches(member, $0) && !reaches($0, member) }) { return .deaf }
      }
      return .oneWay
    }
    let sides = components(of: members).map(\.members)
    switch sides.count {
    case count: return .allAlone
    case 1: return connectedShape(members)
    case 2:
      guard let single = sides.first(where: { $0.count == 1 }) else { return .halves }
      return single == [0] ? .leaderAlone : .oneAlone
    default: return .manySides
    }
  }

  /// The shape where all are connected, if only through others.
  private func connectedShape(_ members: [Int]) -> Coverage.Shape {
    let degrees = members.map { a in members.count { $0 != a && connects(a, $0) } }
    if members.count > 3, degrees.allSatisfy({ $0 == 2 }) { return .ring }
    let isBridged = members.contains { member in
      components(of: members.filter { $0 != member }).count > 1
    }
    return isBridged ? .bridge : .partial
  }
}
