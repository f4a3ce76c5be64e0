import ClusterCore
import Synchronization

/// Reads, which take the node's lock for one look-up and resolve conflicts after it.
extension MemberDriver {
  private enum Found: Sendable {
    case nothing
    case value([UInt8])
    case conflict(Key, [Candidate])
  }

  func read(_ key: String) -> [UInt8]? {
    let found = node.withLock { node -> Found in
      guard node.isReadable else { return .nothing }
      switch node.store.table.find(utf8: key.utf8) {
      case .nothing: return .nothing
      case .value(let value): return .value(value)
      case .register(let slot):
        guard let record = node.store.table[slot] else { return .nothing }
        return .conflict(
          record.key,
          node.store.candidates(
            record.register, wallMilliseconds: Clock.now().wallMilliseconds))
      }
    }
    switch found {
    case .nothing: return nil
    case .value(let value): return value
    case .conflict(let key, let candidates):
      return views.value(key, candidates, report: events.publish)
    }
  }

  func entry(_ key: String) -> StoreEntry? {
    let found = node.withLock { node -> (Key, [Candidate], UInt64)? in
      guard node.isReadable else { return nil }
      guard let slot = node.store.table.slot(utf8: key.utf8),
        let record = node.store.table[slot]
      else { return nil }
      let candidates = node.store.candidates(
        record.register, wallMilliseconds: Clock.now().wallMilliseconds)
      return (record.key, candidates, record.register.versions.last?.expires ?? 0)
    }
    guard let (name, candidates, expires) = found, let newest = candidates.last,
      let value = views.value(name, candidates, report: events.publish)
    else { return nil }
    return StoreEntry(
      value: value, stamp: newest.stamp, origin: newest.origin, candidates: candidates,
      expiry: expires > 0 ? expires : nil)
  }

  /// So many keys are looked at under one hold of the node's lock.
  static let scanned = 1_024

  /// At most `limit` keys that have a value, begin with `prefix` and come after `after`.
  func readable(prefix: [UInt8], after: [UInt8], limit: Int) -> [Key] {
    var keys: [Key] = []
    var last: [UInt8]? = after
    while let after = last, keys.count < limit {
      keys += page(
        prefix: prefix, after: after, limit: min(limit - keys.count, Self.scanned), last: &last)
    }
    return keys
  }

  /// Keys that have a value, of the next `scanned` ones after `after`.
  ///
  /// - Parameter last: The last key that was looked at; none when there are no more.
  private func page(
    prefix: [UInt8], after: [UInt8], limit: Int, last: inout [UInt8]?
  ) -> [Key] {
    let start = after.lexicographicallyPrecedes(prefix) ? prefix : after
    let wall = Clock.now().wallMilliseconds
    var keys: [Key] = []
    var conflicts: [(index: Int, candidates: [Candidate])] = []
    last = node.withLock { node -> [UInt8]? in
      var (looked, reached) = (0, [UInt8]?.none)
      guard node.isReadable else { return nil }
      node.forEachRegister(from: start) { key, register in
        guard key.utf8.starts(with: prefix) else {
          reached = nil
          return false
        }
        looked += 1
        reached = key.bytes
        guard key.bytes != after else { return true }
        let candidates = node.store.candidates(register, wallMilliseconds: wall)
        if candidates.contains(where: { $0.value != nil }) {
          if candidates.count > 1 { conflicts.append((keys.count, candidates)) }
          keys.append(key)
        }
        return keys.count < limit && looked <= Self.scanned
      }
      return keys.count < limit && looked <= Self.scanned ? nil : reached
    }
    // What a resolver deletes has no value, whatever its candidates are.
    for conflict in conflicts.reversed()
    where views.value(keys[conflict.index], conflict.candidates, report: events.publish) == nil {
      keys.remove(at: conflict.index)
    }
    return keys
  }

  /// The keys of the next `scanned` slots that aren't wholly deleted, whatever a resolver reads of
  /// them; `next` is where to go on.
  func deletable(
    from first: RegisterTable.Slot, next: inout RegisterTable.Slot?
  ) -> [Key] {
    let (keys, end) = node.withLock { node -> ([Key], RegisterTable.Slot?) in
      let slots = RegisterTable.Slot(node.store.table.slots)
      let end = min(slots, first + RegisterTable.Slot(Self.scanned))
      guard first < end else { return ([], nil) }
      let keys = (first..<end).compactMap { slot -> Key? in
        guard let record = node.store.table[slot], !record.register.isTombstone else { return nil }
        return record.key
      }
      return (keys, end < slots ? end : nil)
    }
    next = end
    return keys
  }

  /// Deletes a key; answers whether it had a value.
  func delete(_ key: Key) throws(StoreError) -> Bool {
    let before = withNode { $0.store.register(key) }
    // One that nobody reads of otherwise than it is: no resolver needs to be asked.
    if (before?.versions.count ?? 1) == 1 {
      let wall = Clock.now().wallMilliseconds
      let hadValue = before?.versions.contains {
        !$0.isTombstone && ($0.expires == 0 || $0.expires > wall)
      }
      if try write(when: { $0.store.register(key) == before }, [.delete(key)]) {
        return hadValue ?? false
      }
    }
    var hadValue = false
    _ = try write(.delete(key), on: key) { entry in
      hadValue = entry != nil
      return true
    }
    return hadValue
  }

  /// How many keys have a value, as far as is known without asking the resolver: this is polled.
  /// Complexity: O(conflicts).
  var readableCount: Int {
    let wall = Clock.now().wallMilliseconds
    let (count, conflicts) = node.withLock { node in
      guard node.isReadable else { return (0, [(Key, [Candidate])]()) }
      var conflicts: [(Key, [Candidate])] = []
      for slot in node.store.conflicted {
        guard let record = node.store.table[slot], !record.register.isTombstone else { continue }
        conflicts.append(
          (record.key, node.store.candidates(record.register, wallMilliseconds: wall)))
      }
      return (node.store.readableCount, conflicts)
    }
    return count - conflicts.count { !views.hasValue($0.0, $0.1) }
  }

  /// Writes if `condition` holds for what is read now. The resolver isn't asked under the lock, so
  /// the key is looked at again under it, and the whole repeated if it has changed meanwhile.
  func write(
    _ operation: StoreOperation, on key: Key, if condition: (StoreEntry?) -> Bool
  ) throws(StoreError) -> Bool {
    while true {
      let before = withNode { $0.store.register(key) }
      guard condition(entry(key.text)) else { return false }
      if try write(when: { $0.store.register(key) == before }, [operation]) { return true }
    }
  }

  /// When a value that lives so long from now on ends, in milliseconds since 1970.
  static func expiry(_ ttl: Duration?) -> UInt64? {
    ttl.map { Clock.now().wallMilliseconds + Span64($0).nanoseconds / 1_000_000 }
  }
}
