import Testing

@testable import ClusterCore

@Suite struct DisseminationTests {
  @Test(arguments: [(2, 6), (3, 6), (4, 9), (5, 9), (100, 21)] as [(Int, Int)])
  func `news is told three times the logarithm of the size`(members: Int, count: Int) {
    var news = Dissemination()
    news.enqueue(1, members: members)
    var told = 0
    while !news.isEmpty { told += news.take(budget: 100, size: { _ in 10 }).count }
    #expect(told == count)
  }

  @Test func `no more is told than fits and the least told comes first`() {
    var news = Dissemination()
    for ordinal in 0..<4 { news.enqueue(ordinal, members: 5) }
    #expect(news.ordinals == [3, 2, 1, 0])
    let told = [25, 25, 9, 0, -5].map { news.take(budget: $0) { _ in 10 } }
    #expect(told == [[3, 2], [1, 0], [], [], []])
  }

  @Test func `what is too large for what is left doesn't hold up what is smaller`() {
    var news = Dissemination()
    for ordinal in 0..<3 { news.enqueue(ordinal, members: 5) }
    let told = news.take(budget: 25) { $0 == 0 ? 5 : 20 }
    #expect(told == [2, 0])
  }

  @Test func `news of the same member replaces the older`() {
    var news = Dissemination()
    news.enqueue(1, members: 2)
    for _ in 0..<5 { _ = news.take(budget: 100, size: { _ in 1 }) }
    news.enqueue(1, members: 2)
    #expect(news.ordinals == [1])
    var told = 0
    while !news.isEmpty { told += news.take(budget: 100, size: { _ in 1 }).count }
    #expect(told == 6)
  }

  @Test func `what is told to one that may be gone isn't counted`() {
    var news = Dissemination()
    for ordinal in 0..<3 { news.enqueue(ordinal, members: 2) }
    for _ in 0..<10 {
      #expect(news.take(budget: 25, isHeard: false, size: { _ in 10 }) == [2, 1])
    }
    var told = 0
    while !news.isEmpty { told += news.take(budget: 25, size: { _ in 10 }).count }
    #expect(told == 3 * 6)
  }
}
