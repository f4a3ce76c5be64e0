import Cluster

/// Why a member's answer is not what was asked for.
enum ClientError: Error, Hashable, CustomStringConvertible {
  /// Nobody answered at that URL; says why. Whether a change was made is not known if it was sent.
  case unreachable(AdminURL, String)
  /// What answered doesn't speak like a member; says what was expected.
  case unintelligible(AdminURL, String)
  /// The member refused; nothing was changed.
  case refused(status: Int, String)

  /// How a command ends for it.
  var exitStatus: ExitStatus {
    switch self {
    case .unreachable: .unreachable
    case .unintelligible, .refused: .failure
    }
  }

  var description: String {
    switch self {
    case .unreachable(let url, let reason):
      "no answer from \(url): \(reason); is a member running there? --url or CLUSTER_URL names another"
    case .unintelligible(let url, let expected):
      "\(url) doesn't answer as a member does: expected \(expected)"
    case .refused(let status, let reason):
      "refused with status \(status): \(reason)"
    }
  }
}
