public import ClusterCore

/// Writes that wait for other members. The write itself is made at once and locally, as every other
/// one; what is awaited is only that others say that they have it.
extension ClusterStore {
  /// Writes a value and waits until so many members have it.
  ///
  /// - Parameters:
  ///   - concern: How many members must have it.
  ///   - timeout: How long is waited at most. The write stays when the time is over.
  /// - Returns: Who has it. `isReached` says whether they are as many as were asked for.
  /// - Throws: A `StoreError` when nothing was written, or `.ended` when the member ended meanwhile;
  ///   `CancellationError` when the task is cancelled while it waits: the write was made.
  public func put(
    _ key: String, _ value: [UInt8], ttl: Duration? = nil, concern: WriteConcern,
    timeout: Duration = .seconds(5)
  ) async throws -> WriteReceipt {
    let operation = StoreOperation.put(try Key(key), value, expires: MemberDriver.expiry(ttl))
    return try await driver.write([operation], concern: concern, timeout: timeout)
  }

  /// Writes text and waits until so many members have it.
  ///
  /// - Returns: Who has it.
  /// - Throws: What `put(_:_:ttl:concern:timeout:)` of bytes throws.
  public func put(
    _ key: String, _ text: String, ttl: Duration? = nil, concern: WriteConcern,
    timeout: Duration = .seconds(5)
  ) async throws -> WriteReceipt {
    try await put(key, Array(text.utf8), ttl: ttl, concern: concern, timeout: timeout)
  }

  /// Writes a value as JSON and waits until so many members have it.
  ///
  /// - Returns: Who has it.
  /// - Throws: `EncodingError`, and what `put(_:_:ttl:concern:timeout:)` of bytes throws.
  public func put(
    _ key: String, encoding value: some Encodable, ttl: Duration? = nil, concern: WriteConcern,
    timeout: Duration = .seconds(5)
  ) async throws -> WriteReceipt {
    try await put(
      key, StoreCoding.encode(value), ttl: ttl, concern: concern, timeout: timeout)
  }

  /// Deletes a key and waits until so many members know it.
  ///
  /// - Returns: Who knows it. Where the key isn't held nothing is written, and nobody waited for but
  ///   in name: the receipt counts all members.
  /// - Throws: What `put(_:_:ttl:concern:timeout:)` throws.
  public func delete(
    _ key: String, concern: WriteConcern, timeout: Duration = .seconds(5)
  ) async throws -> WriteReceipt {
    try await driver.write([.delete(try Key(key))], concern: concern, timeout: timeout)
  }

  /// Makes several writes at once and waits until so many members have all of them.
  ///
  /// - Returns: Who has all of them.
  /// - Throws: What the closure throws, and what `put(_:_:ttl:concern:timeout:)` throws.
  public func batch(
    concern: WriteConcern, timeout: Duration = .seconds(5),
    _ body: (inout StoreBatch) throws -> Void
  ) async throws -> WriteReceipt {
    let operations = try StoreBatch.operations(of: body)
    return try await driver.write(operations, concern: concern, timeout: timeout)
  }
}
