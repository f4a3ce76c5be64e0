import Testing

@testable import Cluster
@testable import ClusterCore

@Suite struct PacketCensusTests {
  let census = PacketCensus()

  private func packet(_ sections: [Section]) -> [UInt8] {
    let header = Header(
      clusterID: 1, source: 0, destination: 1, sourceBoot: 1, destinationBoot: 2, incarnation: 0,
      groupDigest: 0, recovery: 0, viewDigest: 0, clockDigest: 0, term: 0, resolver: 0,
      wallMilliseconds: 0)
    return Packet(header: header, sections: sections).encoded()
  }

  private func counts(_ family: Int) -> [String: Double] {
    let samples = census.families[family].samples.filter { $0.value > 0 }
    return Dictionary(uniqueKeysWithValues: samples.map { ($0.labels[0].value, $0.value) })
  }

  @Test func `packets are counted by their first section, sent and received apart`() {
    let ping = packet([.ping(nonce: 1), .leave])
    census.count(
      [
        .send(ping, to: .loopback(port: 1)), .sendFrame(StreamID(rawValue: 1), ping), .flush,
      ] as [Effect])
    census.count(
      [
        .datagramReceived(packet([.leaveNoted]), source: .loopback(port: 1)),
        .frameReceived(StreamID(rawValue: 1), packet([.hello])), .woken,
      ] as [Input])
    #expect(counts(0) == ["ping": 2])
    #expect(counts(1) == ["leave_noted": 1, "hello": 1])
  }

  @Test func `what has no section is bare, and what no version knows is other`() {
    var unknown = packet([.leave])
    unknown[Header.smallest] = 250
    census.count(
      [
        .datagramReceived(packet([]), source: .loopback(port: 1)),
        .datagramReceived([], source: .loopback(port: 1)),
        .datagramReceived(unknown, source: .loopback(port: 1)),
      ] as [Input])
    #expect(counts(1) == ["bare": 2, "other": 1])
  }

  @Test func `every kind is a series from the beginning and none stands twice`() {
    for family in census.families {
      let names = family.samples.map { $0.labels[0].value }
      #expect(Set(names).count == names.count)
      #expect(names.count == Section.Kind.allCases.count + 2)
      #expect(names.allSatisfy { $0.allSatisfy { $0 == "_" || $0.isLowercase } })
    }
  }
}
