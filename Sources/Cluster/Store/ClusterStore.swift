public import ClusterCore

/// The replicated map: keys of up to 512 bytes of UTF-8, values of up to 1 MiB.
///
/// Every member holds all of it. Reads and writes are local and synchronous: they never wait for the
/// network, nor for another thread longer than one step of it takes. A write is on its way to all
/// others when the call returns, and reaches those that are apart when they are back.
public struct ClusterStore: Sendable {
  let driver: MemberDriver

  // MARK: - Reading

  /// A key's value; none when it has none, and while the minority policy `.unavailable` applies.
  /// Complexity: O(length of the key).
  public subscript(key: String) -> [UInt8]? { driver.read(key) }

  /// A key's value as text; none when it has none, or isn't valid UTF-8.
  public func string(forKey key: String) -> String? {
    self[key].flatMap { String(validating: $0, as: UTF8.self) }
  }

  /// A key's value, decoded from JSON; none when it has none.
  ///
  /// - Throws: `DecodingError` when the value isn't JSON of that type.
  public func value<Value: Decodable>(_ type: Value.Type, forKey key: String) throws -> Value? {
    try self[key].map { try StoreCoding.decode(type, from: $0) }
  }

  /// All that is known of a key; none when it has no value.
  public func entry(_ key: String) -> StoreEntry? { driver.entry(key) }

  /// The keys that have a value and begin with `prefix`, in the order of their bytes.
  ///
  /// Page by page: ask for the first `limit`, then for those after the last one that came.
  /// Other writers go on meanwhile: each key was there at some moment of the call.
  ///
  /// - Parameters:
  ///   - prefix: What the keys begin with; every key begins with the empty one.
  ///   - after: Only keys that come after this one, present or not, are given.
  ///   - limit: The most keys that are given.
  /// - Complexity: O(log n + keys that begin with the prefix, up to the limit).
  public func keys(
    prefix: String = "", after: String? = nil, limit: Int = .max
  ) -> [String] {
    driver.readable(
      prefix: Array(prefix.utf8), after: after.map { Array($0.utf8) } ?? [], limit: limit
    ).map(\.text)
  }

  /// Calls a closure with each key that begins with `prefix`, and its value, in the order of the
  /// keys' bytes. The closure may read and write: no lock is held while it runs. A key that was
  /// deleted before its turn is left out.
  public func forEach<Failure: Error>(
    prefix: String = "", _ body: (String, [UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    var last: [UInt8] = []
    while true {
      let page = driver.readable(
        prefix: Array(prefix.utf8), after: last, limit: MemberDriver.scanned)
      for key in page {
        if let value = driver.read(key.text) { try body(key.text, value) }
      }
      guard page.count == MemberDriver.scanned, let end = page.last else { return }
      last = end.bytes
    }
  }

  /// How many keys have a value. No closure of yours is called for it: a conflicting key that has not
  /// been read yet counts if any of its candidates is a value, whatever a resolver will make of them.
  ///
  /// Complexity: O(conflicting keys).
  public var count: Int { driver.readableCount }

  /// Whether reads are answered: not while the minority policy `.unavailable` applies.
  public var isReadable: Bool { driver.withNode { $0.isReadable } }

  /// Equal on members that hold the same values; told to nobody else than you.
  public var digest: UInt64 { driver.withNode { $0.storeDigest } }

  // MARK: - Writing

  /// Writes a value.
  ///
  /// - Parameter ttl: After which the value is gone; never, if none is given.
  /// - Throws: `.keyEmpty`, `.keyTooLong`, `.valueTooLarge`, `.full`, `.notReady` before the member
  ///   has joined, `.ended`. Nothing was written then.
  public func put(
    _ key: String, _ value: [UInt8], ttl: Duration? = nil
  ) throws(StoreError) {
    try driver.write(.put(Key(key), value, expires: MemberDriver.expiry(ttl)))
  }

  /// Writes text.
  ///
  /// - Throws: What `put(_:_:ttl:)` of bytes throws.
  public func put(_ key: String, _ text: String, ttl: Duration? = nil) throws(StoreError) {
    try put(key, Array(text.utf8), ttl: ttl)
  }

  /// Writes a value encoded as JSON, with sorted keys, so that equal values are equal bytes.
  ///
  /// - Throws: `EncodingError`, and what `put(_:_:ttl:)` of bytes throws.
  public func put(_ key: String, encoding value: some Encodable, ttl: Duration? = nil) throws {
    try put(key, StoreCoding.encode(value), ttl: ttl)
  }

  /// Deletes a key.
  ///
  /// - Returns: Whether it had a value.
  /// - Throws: What `put(_:_:ttl:)` throws.
  @discardableResult
  public func delete(_ key: String) throws(StoreError) -> Bool {
    try driver.delete(try Key(key))
  }

  /// Deletes all keys that have a value here, or that other members wrote at the same time as
  /// somebody deleted them. Many keys are deleted in several steps; others write in between.
  ///
  /// - Throws: What `put(_:_:ttl:)` throws.
  public func purge() throws(StoreError) {
    var next: RegisterTable.Slot? = 0
    while let slot = next {
      let keys = driver.deletable(from: slot, next: &next)
      if !keys.isEmpty { try driver.write(keys.map { .delete($0) }) }
    }
  }

  /// Makes several writes at once: all or none here, and nobody here sees a part of them. They leave in
  /// one packet if they fit into one; where packets are lost others may see them in parts.
  ///
  /// - Throws: What the closure throws, and what the writes throw. Nothing was written then.
  public func batch(_ body: (inout StoreBatch) throws -> Void) throws {
    try driver.write(StoreBatch.operations(of: body))
  }

  // MARK: - Watching

  /// The changes of all keys that begin with `prefix`, from the moment of the call.
  public func changes(prefix: String = "", from start: ChangeStart = .now) -> StoreChanges {
    StoreChanges(driver: driver, prefix: Array(prefix.utf8), start: start)
  }
}

/// Writes that are made together.
///
/// None of its calls throws: the batch that has one that can't be made throws that one's error as a
/// whole, and writes nothing.
public struct StoreBatch: Sendable {
  private var operations: [StoreOperation] = []
  /// Why the batch can't be written: the first error of its calls.
  private var failure: (any Error)?

  /// Adds a write. The batch throws `.keyEmpty` and `.keyTooLong` for its key.
  public mutating func put(_ key: String, _ value: [UInt8], ttl: Duration? = nil) {
    add { .put(try Key(key), value, expires: MemberDriver.expiry(ttl)) }
  }

  /// Adds a write of text. The batch throws `.keyEmpty` and `.keyTooLong` for its key.
  public mutating func put(_ key: String, _ text: String, ttl: Duration? = nil) {
    put(key, Array(text.utf8), ttl: ttl)
  }

  /// Adds a write of a value encoded as JSON. The batch throws `EncodingError`, and `.keyEmpty` and
  /// `.keyTooLong` for its key.
  public mutating func put(_ key: String, encoding value: some Encodable, ttl: Duration? = nil) {
    add { .put(try Key(key), try StoreCoding.encode(value), expires: MemberDriver.expiry(ttl)) }
  }

  /// Adds a delete. The batch throws `.keyEmpty` and `.keyTooLong` for its key.
  public mutating func delete(_ key: String) {
    add { .delete(try Key(key)) }
  }

  /// What `body` puts together.
  ///
  /// - Throws: What `body` throws, else the first error of its calls.
  static func operations(of body: (inout StoreBatch) throws -> Void) throws -> [StoreOperation] {
    var batch = StoreBatch()
    try body(&batch)
    if let failure = batch.failure { throw failure }
    return batch.operations
  }

  private mutating func add(_ operation: () throws -> StoreOperation) {
    do {
      let operation = try operation()
      if failure == nil { operations.append(operation) }
    } catch {
      failure = failure ?? error
    }
  }
}

/// All that is known of a key.
public struct StoreEntry: Hashable, Sendable {
  /// What is read of it.
  public let value: [UInt8]
  /// The stamp of its newest candidate.
  public let stamp: Stamp
  /// Who wrote the newest candidate.
  public let origin: Origin
  /// What the value was made of, oldest stamp first: more than one is a conflict.
  public let candidates: [Candidate]
  /// When the value ends, in milliseconds since 1970; none for never.
  public let expiry: UInt64?
}

extension Cluster {
  /// The replicated map.
  public var store: ClusterStore { ClusterStore(driver: driver) }
}
