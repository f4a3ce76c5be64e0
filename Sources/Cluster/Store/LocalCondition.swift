public import ClusterCore

/// What a write asks of the key beforehand, as **this member** reads it.
///
/// It is a comparison with the local store, at once with the write as far as other writers of this
/// process are concerned. Another member may write the key at the same time: then the two meet as a
/// conflict. It is no lock and no compare-and-set of the cluster.
public enum LocalCondition: Hashable, Sendable {
  /// The key has no value here.
  case absent
  /// The key has a value here.
  case present
  /// The key has just this value here.
  case value([UInt8])
  /// The newest candidate of the key is the one that was seen before (`StoreEntry.stamp`).
  case stamp(Stamp)

  func holds(for entry: StoreEntry?) -> Bool {
    switch self {
    case .absent: entry == nil
    case .present: entry != nil
    case .value(let value): entry?.value == value
    case .stamp(let stamp): entry?.stamp == stamp
    }
  }
}

extension ClusterStore {
  /// Writes a value if what this member reads of the key now is as the condition says.
  ///
  /// - Returns: Whether the condition held. Nothing was written otherwise.
  /// - Throws: What `put(_:_:ttl:)` throws.
  public func put(
    _ key: String, _ value: [UInt8], ttl: Duration? = nil, ifLocally condition: LocalCondition
  ) throws(StoreError) -> Bool {
    let name = try Key(key)
    return try driver.write(
      .put(name, value, expires: MemberDriver.expiry(ttl)), on: name, if: condition.holds)
  }

  /// Writes text if what this member reads of the key now is as the condition says.
  ///
  /// - Returns: Whether the condition held.
  /// - Throws: What `put(_:_:ttl:)` throws.
  public func put(
    _ key: String, _ text: String, ttl: Duration? = nil, ifLocally condition: LocalCondition
  ) throws(StoreError) -> Bool {
    try put(key, Array(text.utf8), ttl: ttl, ifLocally: condition)
  }

  /// Writes a value as JSON if what this member reads of the key now is as the condition says.
  ///
  /// - Returns: Whether the condition held.
  /// - Throws: `EncodingError`, and what `put(_:_:ttl:)` throws.
  public func put(
    _ key: String, encoding value: some Encodable, ttl: Duration? = nil,
    ifLocally condition: LocalCondition
  ) throws -> Bool {
    try put(key, StoreCoding.encode(value), ttl: ttl, ifLocally: condition)
  }

  /// Deletes a key that has a value if what this member reads of it now is as the condition says.
  ///
  /// - Returns: Whether it was deleted.
  /// - Throws: What `delete(_:)` throws.
  public func delete(
    _ key: String, ifLocally condition: LocalCondition
  ) throws(StoreError) -> Bool {
    let name = try Key(key)
    return try driver.write(.delete(name), on: name) { $0 != nil && condition.holds(for: $0) }
  }
}
