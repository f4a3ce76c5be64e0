import Cluster
import ClusterAdmin

/// A member that runs in this process, with its admin HTTP.
struct LocalMember: Sendable {
  /// Runs both. Returns when the member has left; ends early when its task is cancelled.
  let run: @Sendable () async throws -> Void
  /// Asks the member to leave gracefully; `run` returns then.
  let shutdown: @Sendable () async -> Void

  /// Why a member that was running ended by itself.
  enum Failure: Error, Hashable, CustomStringConvertible {
    /// Another live process has this member's ordinal with a newer boot.
    case superseded
    /// This build has no member to run.
    case unavailable

    var description: String {
      switch self {
      case .superseded: "another process runs as this member, and is newer"
      case .unavailable: "this build cannot run members yet"
      }
    }
  }

  /// Creates the member that a configuration describes. Nothing is opened yet.
  static func make(_ configuration: ClusterConfiguration) throws -> LocalMember {
    throw Failure.unavailable
  }
}
