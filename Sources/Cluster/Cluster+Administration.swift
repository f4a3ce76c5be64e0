package import ClusterCore

/// What the admin interface needs beside the public API: commands that are only issued, conditional
/// writes, pages of keys.
extension Cluster {
  /// Hands a command to the member's loop; without one it is of no effect.
  package func issue(_ command: Command) { _ = driver.command(command) }

  /// Whether the member's loop came round lately.
  package var isResponsive: Bool { driver.isResponsive }

  /// The names of the live members of this one's group whose stores are synced.
  package var activeReplicas: [String] {
    driver.withNode { node in node.activeReplicas.map(node.configuration.name) }
  }

  /// At most `limit` keys that have a value, begin with `prefix` and come after `after`.
  package func keys(prefix: [UInt8], after: [UInt8], limit: Int) -> [Key] {
    driver.readable(prefix: prefix, after: after, limit: limit)
  }

  /// Writes if `condition` holds for what is read now, both at once as far as other local writers
  /// are concerned.
  package func write(
    _ operation: StoreOperation, on key: Key, if condition: (StoreEntry?) -> Bool
  ) throws(StoreError) -> Bool {
    try driver.write(operation, on: key, if: condition)
  }

  /// When a value that lives so long from now on ends.
  package static func expiry(_ timeToLive: Duration?) -> UInt64? { MemberDriver.expiry(timeToLive) }
}
