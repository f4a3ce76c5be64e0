import Cluster
import ClusterCore
import Synchronization

/// The token's file, read anew when it changes: a token is exchanged without a restart. Where the
/// changed file is of no use, the token before it holds.
final class BearerTokenFile: Sendable {
  /// How often it is looked whether the file has changed.
  private static let period = Span64.seconds(1)

  private struct State {
    var token: [UInt8]
    var stamp: WatchedFile.Stamp?
    var nextLook: Instant
  }

  private let file: WatchedFile
  private let state: Mutex<State>

  /// Reads the file.
  ///
  /// - Throws: What is wrong with it.
  init(path: String) throws(ConfigurationError) {
    file = WatchedFile(path: path)
    let stamp = file.stamp
    let token = try BearerToken.read(path: path)
    state = Mutex(State(token: token, stamp: stamp, nextLook: Clock.instant() + Self.period))
  }

  /// Looks at the file at the next question, whenever it was looked at last.
  func lookAgain() { state.withLock { $0.nextLook = Instant(nanoseconds: 0) } }

  /// The token as it is now, a second ago at most.
  var token: [UInt8] {
    let now = Clock.instant()
    return state.withLock { state in
      guard now >= state.nextLook else { return state.token }
      state.nextLook = now + Self.period
      guard let stamp = file.stamp, stamp != state.stamp else { return state.token }
      if let token = try? BearerToken.read(path: file.path) {
        state.token = token
        state.stamp = stamp
      }
      return state.token
    }
  }
}
