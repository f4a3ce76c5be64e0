import Cluster
import Glibc
import Testing

/// Waits until a condition holds. When it has been looked at for a minute, many times, the test has
/// failed.
///
/// Hundreds of tests share two processors, and one that gives its turn away may wait long for the next.
/// So the condition's cause gets a moment while this test keeps its turn, and a minute in which it was
/// hardly looked at proves nothing.
func eventually(
  _ what: Comment, sourceLocation: SourceLocation = #_sourceLocation, _ condition: () -> Bool
) async {
  let deadline = Clock.instant() + .seconds(60)
  var turns = 0
  while turns < 100 || Clock.instant() < deadline {
    for _ in 0..<20 {
      if condition() { return }
      _ = poll(nil, 0, 1)
    }
    // Its cause may be another task.
    await Task.yield()
    turns += 1
  }
  if !condition() { Issue.record(what, sourceLocation: sourceLocation) }
}
