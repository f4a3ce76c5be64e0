import Cluster
import Testing

/// Waits until a condition holds, at most a minute: tests share two processors; then the test has
/// failed.
func eventually(
  _ what: Comment, sourceLocation: SourceLocation = #_sourceLocation, _ condition: () -> Bool
) async {
  let deadline = Clock.instant() + .seconds(60)
  while !condition() {
    guard Clock.instant() < deadline else {
      Issue.record(what, sourceLocation: sourceLocation)
      return
    }
    // Gives the processor away until the condition's cause had a chance to run.
    try? await Task.sleep(for: .milliseconds(1))
  }
}
