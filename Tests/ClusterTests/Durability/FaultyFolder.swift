@testable import Cluster
import ClusterCore
import Synchronization

/// A directory in memory that fails where a test says so, and can be looked at as a power failure
/// would leave it.
final class FaultyFolder: DataFolder {
  /// What goes wrong.
  enum Fault: Equatable, Sendable {
    /// The disk is full once so many bytes lie on it.
    case full(bytes: Int)
    /// The n-th operation fails, from zero.
    case operation(Int)
  }

  fileprivate struct Content: Sendable {
    var bytes: [UInt8] = []
    /// What a power failure leaves.
    var flushed: [UInt8] = []
  }

  fileprivate struct State: Sendable {
    var files: [Int: Content] = [:]
    var names: [String: Int] = [:]
    var flushedNames: [String: Int] = [:]
    var next = 0
    var fault: Fault?
    var operations = 0
    var log: [String] = []

    /// Counts an operation; true when it fails.
    mutating func fails(_ what: String) -> Bool {
      log.append(what)
      defer { operations += 1 }
      return fault == .operation(operations)
    }

    var used: Int { Set(names.values).reduce(0) { $0 + (files[$1]?.bytes.count ?? 0) } }
  }

  fileprivate let state = Mutex(State())

  init() {}

  /// A directory as a power failure leaves this one.
  init(afterPowerFailureOf other: FaultyFolder) {
    let old = other.state.withLock { $0 }
    state.withLock { state in
      state.names = old.flushedNames
      state.next = old.next
      for (id, content) in old.files {
        state.files[id] = Content(bytes: content.flushed, flushed: content.flushed)
      }
      state.flushedNames = state.names
    }
  }

  var fault: Fault? {
    get { state.withLock { $0.fault } }
    set { state.withLock { $0.fault = newValue } }
  }

  /// How many operations were made.
  var operations: Int { state.withLock { $0.operations } }

  /// What operations were made, in order.
  var log: [String] { state.withLock { $0.log } }

  func bytes(_ name: String) -> [UInt8]? {
    state.withLock { state in state.names[name].flatMap { state.files[$0]?.bytes } }
  }

  func replace(_ name: String, with bytes: [UInt8]) {
    state.withLock { state in
      guard let id = state.names[name] else { return }
      state.files[id] = Content(bytes: bytes, flushed: bytes)
    }
  }

  func open(_ name: String) throws(SystemError) -> MemoryFile? {
    state.withLock { $0.names[name] }.map { MemoryFile(id: $0, folder: self) }
  }

  func create(_ name: String) throws(SystemError) -> MemoryFile {
    let id = try change("create \(name)") { state -> Int in
      state.next += 1
      state.names[name] = state.next
      state.files[state.next] = Content()
      return state.next
    }
    return MemoryFile(id: id, folder: self)
  }

  func rename(_ name: String, to other: String) throws(SystemError) {
    try change("rename \(name) \(other)") { state in
      state.names[other] = state.names.removeValue(forKey: name)
    }
  }

  func keep(_ name: String, as other: String) throws(SystemError) {
    try change("keep \(name) \(other)") { $0.names[other] = $0.names[name] }
  }

  func remove(_ name: String) throws(SystemError) {
    try change("remove \(name)") { _ = $0.names.removeValue(forKey: name) }
  }

  func flush() throws(SystemError) {
    try change("flush folder") { $0.flushedNames = $0.names }
  }

  fileprivate func change<Result: Sendable>(
    _ what: String, _ body: (inout State) -> Result
  ) throws(SystemError) -> Result {
    let result: Result? = state.withLock { $0.fails(what) ? nil : body(&$0) }
    guard let result else { throw SystemError(what, code: 5) }
    return result
  }
}

/// A file of it. A write that fails leaves half of its bytes, a full disk as many as there is room.
struct MemoryFile: DataFile {
  let id: Int
  let folder: FaultyFolder

  func size() throws(SystemError) -> Int {
    folder.state.withLock { $0.files[id]?.bytes.count ?? 0 }
  }

  func read(_ range: Range<Int>) throws(SystemError) -> [UInt8] {
    folder.state.withLock { state in
      let bytes = state.files[id]?.bytes ?? []
      return Array(bytes[range.clamped(to: 0..<bytes.count)])
    }
  }

  func write(_ bytes: [UInt8], at offset: Int) throws(SystemError) {
    let code: Int32? = folder.state.withLock { state in
      var room = bytes.count
      var code: Int32?
      if state.fails("write \(bytes.count)") { (room, code) = (bytes.count / 2, 5) }
      if case .full(let limit) = state.fault, state.used + bytes.count > limit {
        (room, code) = (max(limit - state.used, 0), 28)
      }
      var content = state.files[id]?.bytes ?? []
      content.replaceSubrange(
        min(offset, content.count)..<min(offset + room, content.count), with: bytes.prefix(room))
      state.files[id]?.bytes = content
      return code
    }
    if let code { throw SystemError("write", code: code) }
  }

  func truncate(to size: Int) throws(SystemError) {
    try folder.change("truncate") { state in
      let bytes = state.files[id]?.bytes ?? []
      state.files[id]?.bytes = Array(bytes.prefix(size))
    }
  }

  func flush() throws(SystemError) {
    try folder.change("flush") { state in
      let bytes = state.files[id]?.bytes ?? []
      state.files[id]?.flushed = bytes
    }
  }
}
