import Cluster
import ClusterCore
import Glibc
import Synchronization

/// The token's file, read anew when it changes: a token is exchanged without a restart. Where the
/// changed file is of no use, the token before it holds.
final class BearerTokenFile: Sendable {
  /// How often it is looked whether the file has changed.
  private static let period = Span64.seconds(1)

  /// What tells one state of a file from another: an exchanged symbolic link, as Kubernetes mounts
  /// secrets, leads to another inode.
  private struct Stamp: Equatable {
    var inode: UInt64
    var size: Int64
    var seconds: Int
    var nanoseconds: Int

    init?(path: String) {
      var status = stat()
      guard stat(path, &status) == 0 else { return nil }
      inode = UInt64(status.st_ino)
      size = Int64(status.st_size)
      (seconds, nanoseconds) = (status.st_mtim.tv_sec, status.st_mtim.tv_nsec)
    }
  }

  private struct State {
    var token: [UInt8]
    var stamp: Stamp?
    var nextLook: Instant
  }

  private let path: String
  private let state: Mutex<State>

  /// Reads the file.
  ///
  /// - Throws: What is wrong with it.
  init(path: String) throws(ConfigurationError) {
    self.path = path
    let stamp = Stamp(path: path)
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
      guard let stamp = Stamp(path: path), stamp != state.stamp else { return state.token }
      if let token = try? BearerToken.read(path: path) {
        state.token = token
        state.stamp = stamp
      }
      return state.token
    }
  }
}
