import Testing

@testable import ClusterCore

@Suite struct ExpiryTests {
  @Test func `a value is hidden from its end on and told of once`() throws {
    var replicas = Replicas(2, seed: 1)
    let key = try Key("k")
    let end = replicas.wall + 1_000
    replicas.put(key, [1], at: 0, expires: end)
    replicas.syncAll()
    for index in 0..<2 {
      let register = try #require(replicas.stores[index].register(key))
      let store = replicas.stores[index]
      #expect(store.candidates(register, wallMilliseconds: end - 1).map(\.value) == [[1]])
      #expect(store.candidates(register, wallMilliseconds: end).map(\.value) == [nil])
      #expect(store.nextExpiry == end)
      #expect(store.digest == 0, "what ends by itself stays outside of the digest")
      let early = replicas.stores[index].expire(wallMilliseconds: end - 1)
      #expect(early == [])
      let changes = replicas.stores[index].expire(wallMilliseconds: end)
      #expect(changes.map(\.cause) == [.expired])
      #expect(changes.map { $0.candidates.map(\.value) } == [[nil]])
      let again = replicas.stores[index].expire(wallMilliseconds: end + 5)
      #expect(again == [])
      #expect(replicas.stores[index].readableCount == 0)
    }
  }

  @Test func `an ended value is forgotten when every member knows it`() throws {
    var replicas = Replicas(3, seed: 1)
    let key = try Key("k")
    replicas.put(key, [1], at: 0, expires: replicas.wall + 10)
    replicas.sync(from: 0, to: 1)
    replicas.wall += 20
    for index in 0..<3 { _ = replicas.stores[index].expire(wallMilliseconds: replicas.wall) }
    for _ in 0..<3 { replicas.sweepAll() }
    #expect(replicas.stores[0].table.count == 1, "the third member doesn't know it yet")
    replicas.syncAll()
    for index in 0..<3 { _ = replicas.stores[index].expire(wallMilliseconds: replicas.wall) }
    for _ in 0..<3 { replicas.sweepAll() }
    #expect(replicas.stores.allSatisfy { $0.table.count == 0 && $0.ended.isEmpty && $0.bytes == 0 })
  }

  @Test func `a value that was overwritten in time doesn't end`() throws {
    var replicas = Replicas(1, seed: 1)
    let key = try Key("k")
    replicas.put(key, [1], at: 0, expires: replicas.wall + 10)
    replicas.stores[0].expose(0)
    replicas.put(key, [2], at: 0)
    let changes = replicas.stores[0].expire(wallMilliseconds: replicas.wall + 100)
    #expect(changes == [])
    #expect(replicas.stores[0].readableCount == 1)
  }

  @Test func `the count of readable keys is right after an end and what follows it`() throws {
    var replicas = Replicas(2, seed: 1)
    let (k, l) = (try Key("k"), try Key("l"))
    for key in [k, l] { replicas.put(key, [1], at: 0, expires: replicas.wall + 10) }
    replicas.syncAll()
    replicas.wall += 20
    _ = replicas.stores[0].expire(wallMilliseconds: replicas.wall)
    #expect(replicas.stores[0].readableCount == 0)
    replicas.put(k, [2], at: 0)
    #expect(replicas.stores[0].readableCount == 1, "written anew while its end is remembered")
    replicas.put(k, [2], at: 0, expires: replicas.wall + 10)
    replicas.wall += 20
    _ = replicas.stores[0].expire(wallMilliseconds: replicas.wall)
    replicas.delete(k, at: 0)
    replicas.delete(l, at: 0)
    #expect(replicas.stores[0].readableCount == 0, "deleted after it had ended")
  }

  @Test func `two ended versions of one key count as one key`() throws {
    var replicas = Replicas(2, seed: 1)
    let (k, l) = (try Key("k"), try Key("l"))
    replicas.put(l, [1], at: 0)
    replicas.put(k, [1], at: 0, expires: replicas.wall + 10)
    replicas.put(k, [2], at: 1, expires: replicas.wall + 10)
    replicas.syncAll()
    replicas.wall += 20
    _ = replicas.stores[0].expire(wallMilliseconds: replicas.wall)
    #expect(replicas.stores[0].readableCount == 1)
  }
}
