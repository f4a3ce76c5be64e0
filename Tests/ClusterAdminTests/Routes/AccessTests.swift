import Cluster
import ClusterAdmin
import ClusterCore
import Foundation
import Testing

@Suite struct AccessTests {
  static let changes = [
    "PUT /?recovery=manual", "POST /hosts/app-1", "DELETE /hosts/app-1", "PUT /keys/k",
    "DELETE /keys/k", "DELETE /keys",
  ]

  @Test(arguments: changes)
  func `a stranger may not change anything without a token`(line: String) throws {
    var conversation = Conversation(peer: Conversation.stranger)
    _ = try conversation.cluster.put(Key("k"), [1], timeToLive: nil, if: { _ in true })
    #expect(try conversation.ask(line).status == 403)
    #expect(conversation.cluster.commands == [])
    #expect(conversation.cluster.entry(try Key("k"))?.value == [1])
    #expect(try conversation.ask("GET /keys/k").status == 200)
  }

  @Test(arguments: changes)
  func `an open policy lets everybody change`(line: String) throws {
    var conversation = Conversation(isOpen: true, peer: Conversation.stranger)
    _ = try conversation.cluster.put(Key("k"), [1], timeToLive: nil, if: { _ in true })
    #expect(try conversation.ask(line).status == 200)
  }

  @Test(arguments: changes)
  func `a token is needed from everywhere when there is one`(line: String) throws {
    for (peer, isOpen) in [(Conversation.loopback, false), (Conversation.stranger, true)] {
      var conversation = Conversation(token: "s3cret", isOpen: isOpen, peer: peer)
      _ = try conversation.cluster.put(Key("k"), [1], timeToLive: nil, if: { _ in true })
      for fields in [
        [], ["Authorization: s3cret"], ["Authorization: Bearer"], ["Authorization: Bearer s3cre"],
        ["Authorization: Bearer s3cret1"], ["Authorization: Bearer s3cretS3cret"],
        ["Authorization: Basic s3cret"],
        ["Authorization: Bearer s3cret", "Authorization: Bearer x"],
      ] {
        let reply = try conversation.ask(line, ["Host: app-0"] + fields)
        #expect(reply.status == 401)
        #expect(reply["www-authenticate"] == "Bearer realm=\"cluster\"")
      }
      #expect(
        try conversation.ask(line, ["Host: app-0", "Authorization: bearer s3cret"]).status == 200)
    }
  }

  @Test(arguments: [
    (Address(family: .v4, high: 0, low: 0x7F12_3456, port: 1), 200),
    (Address(family: .v4, high: 0, low: 0x8000_0001, port: 1), 403),
    (Address(family: .v6, high: 0, low: 1, port: 1), 200),
    (Address(family: .v6, high: 0, low: 0x7F00_0001, port: 1), 403),
    (Address(family: .v6, high: 0, low: 2, port: 1), 403),
  ])
  func `loopback is known by its address`(peer: Address, status: Int) throws {
    var conversation = Conversation(peer: peer)
    #expect(try conversation.ask("PUT /keys/k").status == status)
  }

  @Test func `a connection too many is told so in a whole answer`() throws {
    let site = AdminSite(
      cluster: InMemoryCluster(), policy: AccessPolicy(token: nil, isOpen: false, hosts: []))
    let replies = try Reply.all(in: site.overloadAnswer)
    #expect(replies.map(\.status) == [503])
    #expect(replies.first?["connection"] == "close")
    #expect(replies.first?["host"] == "app-0")
  }

  @Test func `the configuration's names are the member's`() throws {
    let configuration = try ClusterConfiguration(
      name: "app-0", size: 2, namespace: "prod", service: "web")
    var conversation = Conversation(policy: try AccessPolicy(configuration))
    for host in ["app-1", "app-0.web.prod.svc.cluster.local:8080"] {
      #expect(try conversation.ask("GET /", ["Host: \(host)"]).status == 200)
    }
    #expect(try conversation.ask("GET /", ["Host: app-2"]).status == 421)
  }

  @Test func `a token's file that is of no use ends the start`() throws {
    let path = FileManager.default.temporaryDirectory.path + "/token-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    var configuration = ClusterConfiguration(name: "app-0", peers: ["127.0.0.1:7946"])
    configuration.adminTokenFile = path
    #expect(throws: ConfigurationError.self) { try AccessPolicy(configuration) }
    for content in ["", "\n", "a b", "ä", "a\nb", String(repeating: "a", count: 5_000)] {
      try Data(content.utf8).write(to: URL(fileURLWithPath: path))
      #expect(throws: ConfigurationError.self) { try AccessPolicy(configuration) }
    }
    try Data(" s3cret\r\n".utf8).write(to: URL(fileURLWithPath: path))
    var conversation = Conversation(policy: try AccessPolicy(configuration))
    #expect(try conversation.ask("PUT /keys/k").status == 401)
    let fields = ["Host: app-0", "Authorization: Bearer s3cret"]
    #expect(try conversation.ask("PUT /keys/k", fields).status == 200)
  }

  @Test(arguments: [
    "app-0", "APP-0:8080", "app-0.app.prod.svc.cluster.local", "app-0.app.prod.svc.cluster.local.",
    "localhost:80", "127.0.0.1", "10.1.2.3:8080", "[::1]:8080", "admin.example",
  ])
  func `the member answers to its own names and to addresses`(host: String) throws {
    var conversation = Conversation()
    #expect(try conversation.ask("GET /", ["Host: \(host)"]).status == 200)
  }

  @Test(arguments: ["evil.example", "app-0.evil.example", "1.2.3.4.evil.example", "localhost.evil"])
  func `a foreign name is not answered, not even for reading`(host: String) throws {
    var conversation = Conversation()
    #expect(try conversation.ask("GET /", ["Host: \(host)"]).status == 421)
    #expect(try conversation.ask("PUT /keys/k", ["Host: \(host)"]).status == 421)
    #expect(try conversation.ask("GET http://\(host)/").status == 421)
    #expect(conversation.cluster.keyCount == 0)
  }

  @Test(arguments: [
    "Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: same-site", "Origin: http://evil.example",
    "Origin: null", "Origin: app-0", "Origin: http://app-0:81", "Origin: http://app-0.evil.example",
  ])
  func `a foreign page may not change anything, even with a token`(field: String) throws {
    var conversation = Conversation(token: "t")
    let fields = ["Host: app-0", "Authorization: Bearer t", field]
    #expect(try conversation.ask("POST /hosts/app-1", fields).status == 403)
    #expect(try conversation.ask("GET /", fields).status == 200)
    #expect(conversation.cluster.commands == [])
  }

  @Test(arguments: ["Sec-Fetch-Site: same-origin", "Origin: http://app-0", "Origin: https://APP-0"])
  func `a page of the member's own may`(field: String) throws {
    var conversation = Conversation()
    #expect(try conversation.ask("POST /hosts/app-1", ["Host: app-0", field]).status == 200)
  }
}
