import Synchronization

/// Why a packet or a frame was dropped before the member's core saw it.
package enum PacketRejection: String, CaseIterable, Sendable {
  /// It is sealed with a key that isn't held, or something of it isn't as it was sealed.
  case auth
  /// It was taken before, or is too old to know.
  case replay
  /// It isn't sealed, and a key says that it must be.
  case plaintext
  /// It is sealed, and no key is held.
  case sealed
  /// It is sealed by another cluster, with the same key perhaps.
  case cluster
  /// It is sealed in a way that isn't known here.
  case version
  /// It comes from an ordinal that isn't expected.
  case unknownMember = "unknown_member"
  /// It is meant for another member.
  case destination
  /// It is too short, or doesn't begin as any packet does.
  case malformed
  /// It is larger than any may be.
  case oversize

  /// Its place among all.
  var index: Int {
    switch self {
    case .auth: 0
    case .replay: 1
    case .plaintext: 2
    case .sealed: 3
    case .cluster: 4
    case .version: 5
    case .unknownMember: 6
    case .destination: 7
    case .malformed: 8
    case .oversize: 9
    }
  }
}

/// How many packets were dropped, by reason: counted by the loop's thread, read by any.
final class RejectionMeter: Sendable {
  private let counts = Mutex([UInt64](repeating: 0, count: PacketRejection.allCases.count))

  func count(_ reason: PacketRejection) { counts.withLock { $0[reason.index] &+= 1 } }

  var snapshot: [UInt64] { counts.withLock { $0 } }
}
