import ClusterCore

extension Cluster {
  /// The version of this package (semantic versioning of its Swift interface, REST and commands).
  public static let version = "1.0.0"

  /// The versions of the wire format that this one reads and writes. Members whose ranges overlap
  /// work together.
  package static let wireVersions = Header.version...Header.version
}
