public import ClusterCore

/// The part of the store whose keys begin with one prefix, holding values of one type, as JSON.
///
/// ```swift
/// let orders = cluster.store.space("orders", of: Order.self)
/// try orders.put("17", Order(total: 5))          // the key "orders/17"
/// let order = try orders["17"]
/// ```
///
/// A view without a state of its own: any number of them may be made, also of one prefix. JSON is
/// written with sorted keys, so that equal values are equal bytes.
public struct StoreSpace<Value: Codable & Sendable>: Sendable {
  /// The store that this is a part of.
  public let store: ClusterStore
  /// What every key of the space begins with: its name and a slash.
  public let prefix: String

  init(store: ClusterStore, name: String) {
    self.store = store
    self.prefix = name + "/"
  }

  /// A key's value; none when it has none.
  ///
  /// - Throws: `DecodingError` when the value isn't JSON of the type.
  public subscript(key: String) -> Value? {
    get throws { try store.value(Value.self, forKey: prefix + key) }
  }

  /// Writes a value.
  ///
  /// - Throws: `EncodingError`, and what `ClusterStore.put(_:_:ttl:)` throws; the space's prefix counts
  ///   among the key's bytes.
  public func put(_ key: String, _ value: Value, ttl: Duration? = nil) throws {
    try store.put(prefix + key, encoding: value, ttl: ttl)
  }

  /// Writes a value if what this member reads of the key now is as the condition says.
  ///
  /// - Returns: Whether the condition held.
  /// - Throws: What `put(_:_:ttl:)` throws.
  public func put(
    _ key: String, _ value: Value, ttl: Duration? = nil, ifLocally condition: LocalCondition
  ) throws -> Bool {
    try store.put(prefix + key, encoding: value, ttl: ttl, ifLocally: condition)
  }

  /// Writes a value and waits until so many members have it.
  ///
  /// - Throws: `EncodingError`, and what `ClusterStore.put(_:_:ttl:concern:timeout:)` throws.
  public func put(
    _ key: String, _ value: Value, ttl: Duration? = nil, concern: WriteConcern,
    timeout: Duration = .seconds(5)
  ) async throws -> WriteReceipt {
    try await store.put(
      prefix + key, encoding: value, ttl: ttl, concern: concern, timeout: timeout)
  }

  /// Deletes a key.
  ///
  /// - Returns: Whether it had a value.
  /// - Throws: What `ClusterStore.delete(_:)` throws.
  @discardableResult
  public func delete(_ key: String) throws(StoreError) -> Bool { try store.delete(prefix + key) }

  /// At most `limit` keys that have a value and come after `after`, without the space's prefix, in the
  /// order of their bytes.
  public func keys(after: String? = nil, limit: Int = .max) -> [String] {
    store.keys(prefix: prefix, after: after.map { prefix + $0 }, limit: limit).map(bare)
  }

  /// Calls a closure with each key, without the space's prefix, and its value, in the order of the
  /// keys' bytes.
  ///
  /// - Throws: `DecodingError` at the first value that isn't JSON of the type, and what the closure
  ///   throws.
  public func forEach(_ body: (String, Value) throws -> Void) throws {
    try store.forEach(prefix: prefix) { key, bytes in
      try body(bare(key), try StoreCoding.decode(Value.self, from: bytes))
    }
  }

  /// How many keys have a value. Complexity: O(keys of the space).
  public var count: Int { store.keys(prefix: prefix).count }

  /// A change of the space.
  public struct Change: Sendable {
    /// The key, without the space's prefix; empty at the end of a snapshot.
    public let key: String
    /// The new value; none when the key was deleted or has expired, at the end of a snapshot, and when
    /// the bytes aren't JSON of the type.
    public let value: Value?
    /// The change as the store tells it.
    public let change: StoreChange
  }

  /// The changes of the space's keys. See `ClusterStore.changes(prefix:from:)`.
  public func changes(
    from start: ChangeStart = .now
  ) -> some AsyncSequence<Change, Never> & Sendable {
    store.changes(prefix: prefix, from: start).map { [self] change in
      var value: Value?
      if case .written(let bytes) = change.kind {
        value = try? StoreCoding.decode(Value.self, from: bytes)
      }
      return Change(key: bare(change.key), value: value, change: change)
    }
  }

  private func bare(_ key: String) -> String {
    String(decoding: key.utf8.dropFirst(prefix.utf8.count), as: UTF8.self)
  }
}

extension ClusterStore {
  /// A part of the store: keys that begin with `name` and a slash, values of one Codable type.
  public typealias Space = StoreSpace

  /// The part of the store whose keys begin with `name` and a slash, holding values of one type.
  public func space<Value: Codable & Sendable>(
    _ name: String, of type: Value.Type
  ) -> StoreSpace<Value> {
    StoreSpace(store: self, name: name)
  }
}
