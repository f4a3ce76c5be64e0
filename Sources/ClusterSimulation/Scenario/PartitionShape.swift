import ClusterCore

/// The cuts that partition tests are made of, as actions on given members in a given order.
enum PartitionShape {
  /// Two sides, the first half of the members on one.
  static func halves(_ members: [Int]) -> [Action] {
    let middle = members.count / 2
    return [.partition([Array(members[..<middle]), Array(members[middle...])])]
  }

  /// The first member alone.
  static func alone(_ members: [Int]) -> [Action] {
    guard let first = members.first else { return [] }
    return [.partition([[first]])]
  }

  /// Three sides.
  static func threeWay(_ members: [Int]) -> [Action] {
    let (a, b) = (members.count / 3, members.count * 2 / 3)
    return [
      .partition(
        [Array(members[..<a]), Array(members[a..<b]), Array(members[b...])].filter { !$0.isEmpty })
    ]
  }

  /// Each member alone.
  static func singletons(_ members: [Int]) -> [Action] { [.partition(members.map { [$0] })] }

  /// Two sides that reach each other through the last member only (Jepsen's bridge).
  static func bridge(_ members: [Int]) -> [Action] {
    guard members.count > 2 else { return [.heal] }
    let sides = members.dropLast()
    let middle = sides.count / 2
    return [.heal]
      + sides.prefix(middle).flatMap { a in
        sides.dropFirst(middle).flatMap { b in both(a, b) }
      }
  }

  /// Each member reaches its two neighbours only (Jepsen's majorities ring, for five members).
  static func ring(_ members: [Int]) -> [Action] {
    var actions: [Action] = [.heal]
    for (a, first) in members.enumerated() {
      for (b, second) in members.enumerated().dropFirst(a + 2) where b - a < members.count - 1 {
        actions += both(first, second)
      }
    }
    return actions
  }

  /// What the first member sends reaches the second no more.
  static func oneWay(_ members: [Int]) -> [Action] {
    members.count < 2 ? [] : [.cut(from: members[0], to: members[1])]
  }

  /// Nothing that the first member sends reaches others.
  static func mute(_ members: [Int]) -> [Action] {
    members.dropFirst().map { .cut(from: members[0], to: $0) }
  }

  /// Nothing that others send reaches the first member.
  static func deaf(_ members: [Int]) -> [Action] {
    members.dropFirst().map { .cut(from: $0, to: members[0]) }
  }

  private static func both(_ a: Int, _ b: Int) -> [Action] {
    [.cut(from: a, to: b), .cut(from: b, to: a)]
  }
}
