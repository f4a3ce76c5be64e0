import Testing

@testable import ClusterCore

@Suite struct ConductTests {
  private func at(_ seconds: UInt64) -> Instant { Instant(nanoseconds: seconds * 1_000_000_000) }

  /// Notes one thing a step, ten seconds apart, by members in turn.
  private func conduct(
    _ kind: Conduct.Kind, steps: Int, by members: [Int], others: Int
  ) -> Conduct {
    var conduct = Conduct()
    for step in 0..<steps {
      conduct.note(
        kind, by: members[step % members.count], others: others, at: at(100 + UInt64(step) * 10))
    }
    return conduct
  }

  @Test func `mistakes about many members again and again are a bad habit`() {
    #expect(!conduct(.mistaken, steps: 4, by: [1, 2], others: 4).isDegraded)
    #expect(conduct(.mistaken, steps: 5, by: [1, 2, 3], others: 4).isDegraded)
    #expect(
      !conduct(.mistaken, steps: 6, by: [1], others: 4).isDegraded, "one bad link is no habit")
    #expect(!conduct(.mistaken, steps: 6, by: [1, 2], others: 12).isDegraded, "less than a third")
  }

  @Test func `a member that two others keep missing is degraded and one is not enough`() {
    #expect(conduct(.accused, steps: 5, by: [1, 2], others: 4).isDegraded)
    #expect(!conduct(.accused, steps: 6, by: [1], others: 4).isDegraded)
    #expect(!conduct(.accused, steps: 4, by: [1, 2], others: 4).isDegraded)
    #expect(conduct(.unheard, steps: 3, by: [1, 2], others: 4).isDegraded, "its word isn't heard")
  }

  @Test func `where others are accused as well it is the network`() {
    func accused(beside witnessed: [Int]) -> Conduct {
      var conduct = Conduct()
      for other in witnessed { conduct.note(.witnessed, by: other, others: 4, at: at(99)) }
      for step in 0..<5 as Range<UInt64> {
        conduct.note(.accused, by: Int(step % 2) + 1, others: 4, at: at(100 + step * 10))
      }
      return conduct
    }
    #expect(!accused(beside: [3, 4]).isDegraded)
    #expect(accused(beside: [4, 4, 4]).isDegraded, "one more bad member is no bad network")
  }

  @Test func `what others suffered a minute ago excuses nobody`() {
    var conduct = Conduct()
    for other in [3, 4] { conduct.note(.witnessed, by: other, others: 4, at: at(30)) }
    for step in 0..<5 as Range<UInt64> {
      conduct.note(.accused, by: Int(step % 2) + 1, others: 4, at: at(100 + step * 10))
    }
    #expect(conduct.isDegraded)
  }

  @Test func `with one other member there is no telling whose fault it is`() {
    #expect(!conduct(.accused, steps: 6, by: [1], others: 1).isDegraded)
    #expect(!conduct(.deaf, steps: 6, by: [1], others: 1).isDegraded)
  }

  @Test func `the end of a cut is one event however many members it concerns`() {
    var conduct = Conduct()
    for other in 1..<20 {
      let moment = at(100) + .milliseconds(UInt64(other) * 100)
      conduct.note(.mistaken, by: other, others: 19, at: moment)
      conduct.note(.accused, by: other, others: 19, at: moment)
    }
    #expect(!conduct.isDegraded)
  }

  @Test func `an endless burst is many`() {
    var conduct = Conduct()
    for step in 0..<40 as Range<UInt64> {
      conduct.note(
        .accused, by: Int(step % 3) + 1, others: 4, at: at(100) + .milliseconds(step * 500))
    }
    #expect(conduct.isDegraded)
  }

  @Test func `a member that refutes again and again is degraded before three bursts are over`() {
    func refuting(_ count: Int, accusedBy members: [Int]) -> Conduct {
      var conduct = Conduct()
      for step in 0..<count {
        let moment = at(100) + .milliseconds(UInt64(step) * 300)
        conduct.note(.refuted, by: members[step % members.count], others: 4, at: moment)
        conduct.note(.accused, by: members[step % members.count], others: 4, at: moment)
      }
      return conduct
    }
    #expect(refuting(6, accusedBy: [1, 2]).isDegraded)
    #expect(!refuting(5, accusedBy: [1, 2]).isDegraded)
    #expect(!refuting(16, accusedBy: [1]).isDegraded, "one bad link is no habit")
    var quiet = refuting(5, accusedBy: [1, 2])
    _ = quiet.expire(at: at(200))
    #expect(quiet.refuted.isEmpty)
  }

  @Test func `two that had heard it all the while show that it was deaf`() {
    #expect(!conduct(.deaf, steps: 1, by: [1], others: 4).isDegraded)
    #expect(conduct(.deaf, steps: 2, by: [1, 2], others: 4).isDegraded)
  }

  @Test func `it ends after a window of good behaviour`() {
    var conduct = conduct(.accused, steps: 5, by: [1, 2], others: 4)
    var isOver = conduct.expire(at: at(199))
    #expect(!isOver && conduct.isDegraded)
    isOver = conduct.expire(at: at(200))
    #expect(isOver && !conduct.isDegraded)
    #expect(conduct.accused.isEmpty)
  }

  @Test func `the lists are bounded`() {
    let conduct = conduct(.accused, steps: 10_000, by: Array(1..<500), others: 600)
    #expect(conduct.accused.count <= Conduct.most)
    var fast = Conduct()
    for step in 0..<10_000 as Range<UInt64> {
      fast.note(.mistaken, by: Int(step), others: 600, at: at(100) + .milliseconds(step))
      fast.note(.witnessed, by: Int(step), others: 600, at: at(100) + .milliseconds(step))
    }
    #expect(fast.mistaken.count <= Conduct.most)
    #expect(fast.witnessed.count <= Conduct.most)
    for step in 0..<100 as Range<UInt64> {
      fast.note(.refuted, by: 1, others: 600, at: at(100) + .milliseconds(step))
    }
    #expect(fast.refuted.count <= Conduct.most)
  }
}
