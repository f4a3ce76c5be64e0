import Testing

@testable import ClusterCommand

@Suite struct DoctorCommandTests {
  private static let members = #"""
    {"member":"app-0","leader":"app-0","confirmed":true,"ready":true,"recovery":"auto",
    "version":"1.0.0","members":[{"name":"app-0","ordinal":0,"address":null,"state":"alive"}]}
    """#

  private static func answer(_ request: String) -> String {
    let fields = "host: app-0\r\nDate: Tue, 24 Nov 2026 18:52:00 GMT\r\n"
    return request.hasPrefix("GET /metrics")
      ? reply(200, "# HELP a b\na{b=\"c d\"} 2\n", fields: fields)
      : reply(200, Self.members, fields: fields)
  }

  @Test func `a member alone is looked at without settings`() async {
    let run = await CommandRun.of("doctor", answer: Self.answer)
    #expect(
      run.output == """
        note      settings  no member's settings are here: names and ports weren't looked at -> \
        run it where a member runs, such as 'kubectl exec POD -- cluster doctor'
        ok        leader    app-0 leads

        """)
    #expect(run.status == .success)
    #expect(run.requestLines.filter { $0.hasPrefix("GET /metrics") }.count == 2)
  }

  @Test func `settings are read as a member would`() async {
    let bad = await CommandRun.of(
      "doctor", "--output", "json",
      environment: ["CLUSTER_SIZE": "three", "CLUSTER_SZIE": "3"], answer: Self.answer)
    #expect(bad.status == .failure)
    #expect(bad.output.contains(#""text":"CLUSTER_SIZE: \"three\" is not accepted""#))
    #expect(bad.output.contains("did you mean CLUSTER_SIZE?"))
    let good = await CommandRun.of(
      "doctor",
      environment: ["CLUSTER_NAME": "app-1", "CLUSTER_PEERS": "127.0.0.1:1,nowhere.invalid:7946"],
      answer: Self.answer)
    #expect(
      good.output.contains("problem   dns       nowhere.invalid:7946 of app-1 has no address"))
    #expect(good.output.contains("problem   port      nobody listens on TCP 127.0.0.1:1 of app-0"))
    #expect(good.output.contains("problem   size      app-0 expects 1; this place expects 2"))
  }

  @Test func `who can't be reached from here speaks by way of the asked member`() async {
    let two = #"""
      {"leader":"app-0","confirmed":true,"ready":true,"members":[{"name":"app-0","state":"alive"},
      {"name":"app-1","address":"127.0.0.2:1","state":"alive"}]}
      """#
    let run = await CommandRun.of("doctor") { request in
      request.hasPrefix("GET /views")
        ? reply(
          200,
          #"{"views":[{"name":"app-1","error":null,"view":{"leader":"app-0","confirmed":true,"#
            + #""members":[{"name":"app-0","state":"alive"},{"name":"app-1","state":"alive"}]}}]}"#)
        : request.hasPrefix("GET /members")
          ? reply(200, two, fields: "host: app-0\r\n") : Self.answer(request)
    }
    #expect(run.output.contains("ok        size      all that answered expect 2 members"))
    #expect(run.status == .success)
  }

  @Test func `without an answer it says what it can and ends as unreachable`() async {
    let run = await CommandRun.of("doctor", "--url", "http://127.0.0.1:1")
    #expect(run.status == .unreachable)
    #expect(run.output.contains("problem   http      the asked member: no answer from"))
    #expect(await CommandRun.of("doctor", "--members", "http://a,b").status == .usage)
  }

  @Test func `a date is read as HTTP writes it`() {
    #expect(WallClock.seconds(of: "Sun, 06 Nov 1994 08:49:37 GMT") == 784_111_777)
    #expect(WallClock.seconds(of: "Sun, 06 Nov 1994 08:49:37 CET") == nil)
    #expect(WallClock.seconds(of: "Sun, 06 Foo 1994 08:49:37 GMT") == nil)
  }
}
