import Testing

@testable import ClusterCommand

/// Three members that answer and are content, to be made worse by a test.
private struct Patient {
  var expected: [Evidence.Expected]?
  var members: [Evidence.Interview]

  init(_ size: Int = 3) {
    let names = (0..<size).map { "app-\($0)" }
    members = names.map { name in
      var one = Evidence.Interview(name: name, url: "http://\(name):8080")
      one.view = Evidence.View(
        version: "1.0.0", recovery: "auto", leader: "app-0", confirmed: true, ready: true,
        separated: false,
        members: names.map {
          Evidence.Peer(
            name: $0, state: "alive", heardSecondsAgo: $0 == name ? nil : 0.4,
            clockOffsetSeconds: 0.001)
        })
      one.clock = (0.2, 0.5)
      one.metrics = [["cluster_keyring_keys": 1], ["cluster_keyring_keys": 1]]
      one.metrics[1]["cluster_keyring_primary_info{fingerprint=\"1a2b\"}"] = 1
      return one
    }
    // A member doesn't hear itself.
    for index in members.indices { members[index].view?.members[index].heardSecondsAgo = 0 }
  }

  var findings: [Finding] {
    Diagnosis(evidence: Evidence(expected: expected, members: members)).findings
  }

  /// What is not ok, as `result check text`.
  var complaints: [String] {
    findings.filter { $0.result != .ok }.map { "\($0.result) \($0.check) \($0.text)" }
  }

  mutating func see(_ one: Int, _ other: Int, _ state: String, heard: Double? = nil) {
    members[one].view?.members[other].state = state
    members[one].view?.members[other].heardSecondsAgo = heard
  }

  mutating func count(_ one: Int, _ name: String, _ first: Double, _ second: Double) {
    members[one].metrics[0][name] = first
    members[one].metrics[1][name] = second
  }
}

private func place(_ ordinal: Int, _ addresses: [String], _ port: Evidence.Port = .open)
  -> Evidence.Expected
{
  Evidence.Expected(
    name: "app-\(ordinal)", endpoint: "app-\(ordinal).app:7946", addresses: addresses,
    failure: addresses.isEmpty ? "name or service not known" : nil, port: port)
}

@Suite struct DiagnosisTests {
  @Test func `a healthy cluster has nothing to complain of`() {
    var patient = Patient()
    patient.expected = (0..<3).map { place($0, ["10.0.0.\($0)"]) }
    #expect(patient.complaints == [])
    #expect(
      patient.findings.map(\.line) == [
        "ok        dns       3 of 3 names resolve",
        "ok        port      3 of 3 TCP ports answer",
        "ok        size      all that answered expect 3 members",
        "ok        link      all that answered hear one another",
        "ok        leader    app-0 leads",
        "ok        clock     3 clocks agree",
        "ok        key       all seal with one key",
      ])
  }

  @Test func `every complaint comes with a remedy`() {
    var patient = Patient()
    patient.expected = [place(0, []), place(1, ["10.0.0.1"], .silent), place(2, ["10.0.0.1"])]
    patient.see(0, 1, "dead")
    patient.count(0, "cluster_packets_rejected_total{reason=\"auth\"}", 3, 5)
    patient.members[2].clock = (9, 0.5)
    for finding in patient.findings where finding.result != .ok {
      #expect(!finding.remedy.isEmpty, "\(finding)")
    }
    #expect(patient.complaints.count == 6)
  }

  @Test func `DNS: a name without an address, and two members at one place`() {
    var patient = Patient()
    patient.expected = [place(0, []), place(1, ["10.0.0.1"]), place(2, ["10.0.0.1"])]
    #expect(
      patient.complaints == [
        "problem dns app-0.app:7946 of app-0 has no address: name or service not known",
        "problem dns app-1 and app-2 are both at 10.0.0.1 port 7946",
      ])
  }

  @Test func `ports: nobody listens, nothing comes back`() {
    var patient = Patient()
    patient.expected = [
      place(0, ["10.0.0.0"]), place(1, ["10.0.0.1"], .refused), place(2, ["10.0.0.2"], .silent),
    ]
    #expect(
      patient.complaints == [
        "problem port nobody listens on TCP app-1.app:7946 of app-1",
        "problem port TCP app-2.app:7946 of app-2 doesn't answer",
      ])
  }

  @Test func `size: members and this place expect different numbers`() {
    var patient = Patient()
    patient.members[2].view?.members.append(Evidence.Peer(name: "app-3", state: "unknown"))
    patient.expected = (0..<3).map { place($0, ["10.0.0.\($0)"]) }
    #expect(
      patient.complaints == [
        "problem size app-0, app-1 and this place expect 3; app-2 expects 4"
      ])
  }

  @Test func `link: one way only, by state and by what was heard`() {
    var patient = Patient()
    patient.see(1, 0, "dead")
    #expect(
      patient.complaints == [
        "problem link asymmetric: app-0 hears app-1, but app-1 doesn't hear app-0"
      ])
    patient = Patient()
    patient.see(0, 2, "alive", heard: 40)
    #expect(
      patient.complaints == [
        "problem link asymmetric: app-2 hears app-0, but app-0 doesn't hear app-2"
      ])
    patient.see(2, 0, "suspect", heard: 12)
    #expect(
      patient.complaints == [
        "problem link app-0 and app-2 don't hear each other; others vouch for both"
      ])
  }

  @Test func `link: a partition is told by its sides, with what ends it`() throws {
    var patient = Patient()
    for (one, other) in [(0, 2), (1, 2), (2, 0), (2, 1)] { patient.see(one, other, "dead") }
    patient.members[2].view?.leader = "app-2"
    #expect(
      patient.complaints == [
        "problem link partition: app-0 and app-1 | app-2",
        "problem leader app-0 and app-2 lead at once, each on its side of a partition",
      ])
    func remedy() throws -> String {
      try #require(patient.findings.first { $0.check == .link }).remedy
    }
    #expect(try remedy().hasPrefix("mend the network"))
    patient.expected = (0..<3).map { place($0, ["10.0.0.\($0)"]) }
    #expect(try remedy().contains("open UDP"))
    patient.members[0].view?.recovery = "manual"
    #expect(try remedy().contains("cluster recover auto"))
    patient.members[2].view?.separated = true
    #expect(try remedy().contains("cluster join NAME"))
  }

  @Test func `leader: nobody leads`() {
    var patient = Patient()
    for index in 0..<3 {
      patient.members[index].view?.leader = nil
      patient.members[index].view?.confirmed = false
    }
    #expect(patient.complaints == ["problem leader nobody leads"])
  }

  @Test func `clock: seen from here, and by the members`() {
    var patient = Patient()
    patient.members[1].clock = (-41.25, 0.6)
    #expect(patient.complaints == ["problem clock the clock of app-1 is 41.4 s behind"])
    patient = Patient()
    patient.members[0].view?.members[2].clockOffsetSeconds = 0.9
    patient.members[1].view?.members[2].clockOffsetSeconds = 1.0
    #expect(patient.complaints == ["problem clock the clock of app-2 is 0.9 s ahead"])
  }

  @Test func `key: none, not everywhere, not the same`() {
    var patient = Patient()
    let one = "cluster_keyring_primary_info{fingerprint=\"1a2b\"}"
    patient.members[1].metrics[1][one] = nil
    patient.members[1].metrics[1]["cluster_keyring_primary_info{fingerprint=\"77ff\"}"] = 1
    #expect(
      patient.complaints == [
        "note key members seal with different keys: app-0 and app-2 with 1a2b; app-1 with 77ff"
      ])
    patient.members[1].metrics = [["cluster_keyring_keys": 0], ["cluster_keyring_keys": 0]]
    #expect(patient.complaints == ["problem key app-1 has no key, others have"])
    for index in [0, 2] { patient.members[index].metrics[1][one] = nil }
    #expect(
      patient.complaints == [
        "note key packets aren't protected: anybody who reaches the port can speak"
      ])
  }

  @Test func `packets: what is refused now is a problem, what was is a note`() {
    var patient = Patient()
    patient.count(0, "cluster_packets_rejected_total{reason=\"auth\"}", 3, 5)
    patient.count(1, "cluster_packets_rejected_total{reason=\"cluster\"}", 7, 7)
    patient.count(2, "cluster_datagrams_dropped_total", 0, 9)
    patient.count(2, "cluster_packets_rejected_total{reason=\"version\"}", 0, 0)
    #expect(
      patient.complaints == [
        "problem packets app-0 refused 5 packets: sealed with a key that it doesn't have, and still does",
        "note packets app-1 refused 7 packets: of another cluster; none lately",
        "problem packets app-2 loses datagrams: they come faster than it reads them",
      ])
  }

  @Test func `what doesn't answer: down, or only its HTTP`() {
    var patient = Patient()
    patient.members[2].view = nil
    patient.members[2].failure = "nothing came in time"
    #expect(
      patient.complaints == [
        "note http app-2 is live but doesn't answer HTTP at http://app-2:8080: nothing came in time"
      ])
    for index in 0..<2 { patient.see(index, 2, "dead") }
    #expect(
      patient.complaints == [
        "problem http app-2 doesn't answer HTTP at http://app-2:8080: nothing came in time"
      ])
  }

  @Test func `store and version`() {
    var patient = Patient()
    patient.members[0].view?.ready = false
    patient.members[1].view?.version = "1.1.0"
    #expect(
      patient.complaints == [
        "problem store the store of app-0 isn't filled yet",
        "note version app-0 and app-2 run 1.0.0; app-1 runs 1.1.0",
      ])
  }

  @Test func `a finding is one line and one object whatever a member says`() {
    let finding = Finding.problem(.http, "a\n\u{1B}[2J \"b\"", "c")
    #expect(finding.line == #"problem   http      a\n\u001b[2J \"b\" -> c"#)
    #expect(
      finding.json
        == #"{"result":"problem","check":"http","text":"a\n\u001b[2J \"b\"","remedy":"c"}"#)
  }
}
