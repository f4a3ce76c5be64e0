import Testing

@testable import ClusterCommand

/// A store of values, each with the number of its write as its tag.
private struct Store {
  var entries: [String: (value: String, write: Int)] = [:]

  func round(_ watch: inout Watch) throws -> [String] {
    try watch.round(entries.keys.sorted()) { key, tag throws(ClientError) in
      guard let entry = entries[key] else { return .absent }
      let current = String(entry.write)
      return tag == current ? .same : .value(Array(entry.value.utf8), tag: current)
    }.map(\.line)
  }
}

@Suite struct WatchTests {
  @Test func `what is there comes first, then what changes`() throws {
    var watch = Watch()
    var store = Store(entries: ["a": ("1", 1), "b": ("2", 1)])
    #expect(try store.round(&watch) == ["present  a  1", "present  b  2"])
    #expect(try store.round(&watch) == [])
    store.entries["a"] = ("3", 2)
    store.entries["c"] = ("4", 1)
    store.entries["b"] = nil
    #expect(try store.round(&watch) == ["written  a  3", "deleted  b", "written  c  4"])
    #expect(try store.round(&watch) == [])
  }

  @Test func `a write of the same value is a write`() throws {
    var watch = Watch()
    var store = Store(entries: ["a": ("1", 1)])
    _ = try store.round(&watch)
    store.entries["a"] = ("1", 2)
    #expect(try store.round(&watch) == ["written  a  1"])
  }

  @Test func `a key that goes between the list and the question was not there`() throws {
    var watch = Watch()
    #expect(try watch.round(["a"]) { _, _ in .absent } == [])
    #expect(try watch.round([]) { _, _ in .absent } == [])
  }

  @Test func `without tags the value tells`() throws {
    var watch = Watch()
    _ = try watch.round(["a"]) { _, _ in .value([1], tag: nil) }
    #expect(try watch.round(["a"]) { _, _ in .value([1], tag: nil) } == [])
    #expect(try watch.round(["a"]) { _, _ in .value([2], tag: nil) }.map(\.kind) == ["written"])
  }

  @Test func `a change is one line of JSON`() {
    #expect(
      Watch.Change(kind: "written", key: "a\n", value: Array("\"x\"".utf8)).json
        == #"{"kind":"written","key":"a\n","value":"\"x\""}"#)
    #expect(
      Watch.Change(kind: "written", key: "a", value: [0xFF]).json
        == #"{"kind":"written","key":"a","base64":"/w=="}"#)
    #expect(
      Watch.Change(kind: "deleted", key: "a", value: nil).json == #"{"kind":"deleted","key":"a"}"#)
  }
}
