import Testing

@testable import ClusterCore

@Suite struct FirstContactTests {
  /// Whom a starting member of so many contacts in which millisecond, until it has contacted each once.
  private func contacts(of ordinal: Int, size: Int) -> [(ordinal: Int, millisecond: UInt64)] {
    let configuration = NodeConfiguration(
      clusterID: 7, ordinal: ordinal, size: size, baseName: "app", seed: UInt64(ordinal))
    let start = Moment(
      instant: Instant(nanoseconds: 1_000_000_000), wallMilliseconds: 1_700_000_000_000)
    var node = Node(configuration: configuration, at: start)
    var (now, found, seen) = (start, [(ordinal: Int, millisecond: UInt64)](), OrdinalSet())
    var input = Input.started
    while found.count < size - 1, now.instant.since(start.instant) < .seconds(60) {
      var effects: [Effect] = []
      node.handle(input, at: now, into: &effects)
      for case .resolve(let other) in effects where !seen.contains(other) {
        seen.insert(other)
        found.append((other, now.instant.since(start.instant).nanoseconds / 1_000_000))
      }
      now.instant = max(node.nextWake, now.instant + .milliseconds(1))
      input = .woken
    }
    return found
  }

  @Test(arguments: [3, 9, 32]) func `all of a small cluster are contacted at once`(size: Int) {
    let contacts = contacts(of: 1, size: size)
    #expect(contacts.count == size - 1)
    #expect(contacts.allSatisfy { $0.millisecond == 0 })
  }

  @Test func `in a large cluster a crowd is contacted after the other, first who starts earlier`() {
    let contacts = contacts(of: 500, size: 1_000)
    #expect(contacts.count == 999)
    #expect(contacts.count { $0.millisecond == 0 } == 32)
    let first = contacts.filter { $0.millisecond == 0 }.map(\.ordinal)
    #expect(Set(484..<500).isSubset(of: first))
    let last = contacts.map(\.millisecond).max() ?? 0
    #expect((3_000...5_000).contains(last), "31 crowds, 125 ms apart")
  }

  @Test func `members of a large cluster begin with different ones`() {
    let first = contacts(of: 50, size: 200).prefix(32).map(\.ordinal)
    let second = contacts(of: 51, size: 200).prefix(32).map(\.ordinal)
    #expect(Set(first).subtracting(second).count > 8)
  }
}
