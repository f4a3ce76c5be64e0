/// A body without an end: what is sent as it comes.
///
/// It is pulled, not pushed: while a client doesn't read, what waits stays with who makes it, who
/// bounds it and says what was lost.
package protocol EventFeed: AnyObject, Sendable {
  /// Calls `wake`, from whatever thread it comes, when something can be taken. Called once.
  func start(_ wake: @escaping @Sendable () -> Void)
  /// Takes what is to be sent next: not much more than `limit` bytes; empty when nothing waits, none
  /// when nothing more will come.
  func take(_ limit: Int) -> [UInt8]?
}
