import Testing

@testable import ClusterCommand

private let midway = #"""
  {"protected":true,"expected":3,"keys":[
  {"fingerprint":"a71e1aab","primary":true,"held":3,"sealing":3},
  {"fingerprint":"f71edd46","primary":false,"held":2,"sealing":0}],"members":[
  {"name":"app-0","live":true,"seals":"a71e1aab","accepts":["a71e1aab","f71edd46"]},
  {"name":"app-1","live":true,"seals":"a71e1aab","accepts":null},
  {"name":"app-2","live":false,"seals":null,"accepts":null}]}
  """#

@Suite struct KeyringTests {
  @Test func `the list says who holds which key`() async {
    let run = await CommandRun.of("keyring", "list") { _ in reply(200, midway) }
    #expect(run.status == .success && run.words == "")
    #expect(run.requestLines == ["GET /keyring HTTP/1.1"])
    #expect(
      run.output == """
        KEY       USE    HELD BY  SEALING
        a71e1aab  seals  3 of 3   3 of 3
        f71edd46  opens  2 of 3   0 of 3

        MEMBER            SEALS WITH  ACCEPTS
        app-0             a71e1aab    a71e1aab f71edd46
        app-1             a71e1aab    others too
        app-2 (not live)  unknown     unknown

        """)
  }

  @Test func `a member without keys says so`() async {
    let run = await CommandRun.of("keyring", "list") { _ in
      reply(200, #"{"protected":false,"expected":3,"keys":[],"members":[]}"#)
    }
    #expect(run.output == "no keys\n")
    #expect(run.words.contains("packets are not protected"))
  }

  @Test func `a file shows its fingerprints, and never its keys`() async {
    let secrets = "correct horse battery staple\nMTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI="
    let run = await CommandRun.of("keyring", "show", "key", files: ["key": secrets])
    #expect(run.output == "KEY       USE\nf71edd46  seals\na71e1aab  opens\n")
    let bad = await CommandRun.of("keyring", "show", "key", files: ["key": "horse"])
    #expect(bad.status == .failure && bad.output == "")
    #expect(bad.words.contains("line 1 is too short") && !bad.words.contains("horse"))
    let none = await CommandRun.of("keyring", "show", "key")
    #expect(none.status == .failure && none.words.contains("ENOENT"))
  }

  @Test func `what protection costs here is measured`() async throws {
    let run = await CommandRun.of("keyring", "measure")
    #expect(run.status == .success && run.words == "")
    let rows = run.output.split(separator: "\n").map { $0.split(separator: " ") }
    #expect(rows.count == 3 && rows[1].first == "200" && rows[2].first == "1152")
    #expect(rows.dropFirst().allSatisfy { $0.allSatisfy { (Int($0) ?? 0) > 0 } })
  }
}
