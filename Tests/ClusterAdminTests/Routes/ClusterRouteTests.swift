import ClusterAdmin
import ClusterCore
import Foundation
import Testing

@Suite struct ClusterRouteTests {
  static let status =
    #"{"recovery":"auto","state":"green","size":3,"leader":"app-0","#
    + #""nodes":["app-0","app-1","app-2"],"store":{"size":0,"#
    + #""ram_copies":["app-0","app-1","app-2"],"replicas":{"#
    + #""all":["app-0","app-1","app-2"],"active":["app-0","app-1","app-2"]}}}"#

  @Test func `the status is as the contract says`() throws {
    var conversation = Conversation()
    let reply = try conversation.ask("GET /")
    #expect(reply.status == 200)
    #expect(reply["content-type"] == "application/json")
    #expect(reply["host"] == "app-0")
    #expect(reply.text == Self.status)
  }

  @Test func `only live members are nodes, and suspects are live`() throws {
    var conversation = Conversation()
    conversation.cluster.change {
      $0.states = [.alive, .dead, .suspect, .left, .unknown]
      $0.leader = nil
    }
    let text = try conversation.ask("GET /").text
    #expect(text.contains(#""state":"yellow","size":5,"leader":null,"nodes":["app-0","app-2"]"#))
  }

  @Test func `a member alone of several is red, and a single one green`() throws {
    var alone = Conversation()
    alone.cluster.change { $0.states = [.alive, .dead, .unknown] }
    #expect(try alone.ask("GET /").text.contains(#""state":"red""#))
    var single = Conversation(cluster: InMemoryCluster(size: 1))
    #expect(try single.ask("GET /").text.contains(#""state":"green","size":1"#))
  }

  @Test func `a provisional leader is a leader in the status but not ready`() throws {
    var conversation = Conversation()
    conversation.cluster.change { $0.isConfirmed = false }
    #expect(try conversation.ask("GET /").text.contains(#""leader":"app-0""#))
    #expect(try conversation.ask("GET /readiness").status == 503)
    #expect(
      try conversation.ask("GET /leader").text
        == #"{"leader":"app-0","confirmed":false,"term":null}"#)
    #expect(try conversation.ask("GET /leader").status == 503)
  }

  @Test func `people get the dashboard`() throws {
    var conversation = Conversation()
    let reply = try conversation.ask(
      "GET /", ["Host: app-0", "Accept: text/html,application/xhtml+xml,*/*;q=0.8"])
    #expect(reply["content-type"] == "text/html; charset=utf-8")
    #expect(reply["content-security-policy"]?.contains("default-src 'none'") == true)
    #expect(reply.text.hasPrefix("<!doctype html>"))
    for accept in ["*/*", "application/json, text/html", "text/html;q=0", "nonsense;;q=,"] {
      let reply = try conversation.ask("GET /", ["Host: app-0", "Accept: \(accept)"])
      #expect(reply["content-type"] == "application/json", "\(accept)")
    }
  }

  @Test(arguments: [
    ("PUT /?recovery=manual", "recovery manual", "manual"),
    ("PUT /?recovery=auto", "recovery automatic", "auto"), ("PUT /", "recovery automatic", "auto"),
  ])
  func `the recovery mode is set and answered`(line: String, command: String, mode: String) throws {
    var conversation = Conversation()
    let reply = try conversation.ask(line)
    #expect(reply.status == 200)
    #expect(reply.text.contains("\"recovery\":\"\(mode)\",\"state\""))
    #expect(conversation.cluster.commands == [command])
  }

  @Test(arguments: [
    ("POST /hosts/app-1", "join app-1"), ("POST /hosts/app-0", "join app-0"),
    ("DELETE /hosts/app-2", "dismiss app-2 halt"),
    ("DELETE /hosts/app-2?mode=halt", "dismiss app-2 halt"),
    ("DELETE /hosts/app-2?mode=leave", "dismiss app-2 disconnect"),
    ("DELETE /hosts/app-0?mode=disconnect", "dismiss app-0 disconnect"),
    ("DELETE /hosts/app%2d1", "dismiss app-1 halt"),
  ])
  func `a member is joined or dismissed and the status answered`(
    line: String, command: String
  ) throws {
    var conversation = Conversation()
    let reply = try conversation.ask(line)
    #expect(reply.status == 200)
    #expect(reply.text == Self.status)
    #expect(conversation.cluster.commands == [command])
  }

  @Test(arguments: [
    "POST /hosts/app-3", "DELETE /hosts/other", "DELETE /hosts/%ff", "POST /hosts/",
  ])
  func `an unknown member is a problem that names it`(line: String) throws {
    var conversation = Conversation()
    let reply = try conversation.ask(line)
    #expect(reply.status == 404)
    #expect(reply["content-type"] == "application/problem+json")
    #expect(reply.text.contains(#""title":"Not Found","status":404"#))
    #expect(reply.text.contains(#""host":""#))
    #expect(conversation.cluster.commands == [])
  }

  @Test(arguments: [
    "PUT /?recovery=maybe", "PUT /?recovery=", "PUT /?recovery=auto&recovery=auto",
    "PUT /?mode=halt",
    "DELETE /hosts/app-1?mode=kill", "DELETE /hosts/app-1?mode=", "POST /hosts/app-1?mode=halt",
    "GET /?a=b", "GET /?%", "GET /members?a", "GET /livez?verbose", "GET /metrics?x=1",
    "PUT /?recovery=manual&x",
  ])
  func `a bad parameter is refused and changes nothing`(line: String) throws {
    var conversation = Conversation()
    let reply = try conversation.ask(line)
    #expect(reply.status == 400)
    #expect(reply["content-type"] == "application/problem+json")
    #expect(conversation.cluster.commands == [])
  }

  @Test func `members are told in detail`() throws {
    var conversation = Conversation()
    conversation.cluster.change { $0.states = [.alive, .suspect] }
    let text = try conversation.ask("GET /members").text
    #expect(text.hasPrefix(#"{"member":"app-0","boot":"45063","version":"1.2.3","state":"red""#))
    #expect(
      text.contains(
        #""members":[{"name":"app-0","ordinal":0,"address":null,"state":"alive","#
          + #""boot":"18446744073709551615","incarnation":"0","roundTripSeconds":null,"#
          + #""heardSecondsAgo":null,"clockOffsetSeconds":null,"synced":false},{"name":"app-1","#
          + #""ordinal":1,"address":"10.0.0.1:7946","state":"suspect""#))
  }

  @Test func `the leader says so with 200 and all others with 503, and the same body`() throws {
    var conversation = Conversation()
    let own = try conversation.ask("GET /leader")
    #expect(own.status == 200)
    #expect(own.text == #"{"leader":"app-0","confirmed":true,"term":"18446744073709551615"}"#)
    conversation.cluster.change { $0.leader = 1 }
    let other = try conversation.ask("GET /leader")
    #expect(other.status == 503)
    #expect(other.text == #"{"leader":"app-1","confirmed":true,"term":"18446744073709551615"}"#)
  }

  @Test func `views of all members are told, those never asked as unknown`() throws {
    var conversation = Conversation()
    let text = try conversation.ask("GET /views").text
    #expect(
      text.hasPrefix(
        #"{"member":"app-0","demo":false,"views":[{"name":"app-0","ageSeconds":0,"error":null,"#
          + #""view":{"member":"app-0""#))
    #expect(
      text.contains(
        #"{"name":"app-1","ageSeconds":null,"error":"not asked yet","view":null}"#))
  }

  @Test func `readiness can be taken apart`() throws {
    var conversation = Conversation()
    #expect(
      try conversation.ask("GET /readyz?verbose").text
        == #"{"checks":[{"name":"joined","ok":true},{"name":"synced","ok":true}]}"#)
    conversation.cluster.change { $0.isReady = false }
    let reply = try conversation.ask("GET /readyz?verbose=true")
    #expect(reply.status == 503)
    #expect(reply.text.contains(#"{"name":"synced","ok":false}"#))
    #expect(try conversation.ask("GET /readyz?verbose=no").status == 400)
  }

  @Test func `every reply bears the member's name and the date`() throws {
    var conversation = Conversation()
    for line in ["GET /", "HEAD /keys", "GET /nowhere", "PATCH /", "GET /?x", "OPTIONS *"] {
      let reply = try conversation.ask(line)
      #expect(reply["host"] == "app-0", "\(line)")
      #expect(reply["date"] == "Sun, 06 Nov 1994 08:49:37 GMT", "\(line)")
    }
  }

  @Test func `the probes say yes or no with an empty object`() throws {
    var conversation = Conversation()
    for path in ["/readiness", "/readyz", "/livez"] {
      let reply = try conversation.ask("GET \(path)")
      #expect(reply.status == 200)
      #expect(reply.text == "{}")
    }
    conversation.cluster.change {
      $0.leader = 1
      $0.isReady = false
      $0.isResponsive = false
    }
    for path in ["/readiness", "/readyz", "/livez"] {
      let reply = try conversation.ask("GET \(path)")
      #expect(reply.status == 503)
      #expect(reply.text == "{}")
    }
  }

  @Test(arguments: [
    ("PATCH /", "GET, HEAD, PUT, OPTIONS"), ("get /", "GET, HEAD, PUT, OPTIONS"),
    ("DELETE /", "GET, HEAD, PUT, OPTIONS"), ("GET /hosts/app-0", "POST, DELETE, OPTIONS"),
    ("POST /keys", "GET, HEAD, DELETE, OPTIONS"),
    ("TRACE /keys/a", "GET, HEAD, PUT, DELETE, OPTIONS"),
    ("POST /metrics", "GET, HEAD, OPTIONS"),
  ])
  func `a wrong method is told the right ones`(line: String, allowed: String) throws {
    var conversation = Conversation()
    let reply = try conversation.ask(line)
    #expect(reply.status == 405)
    #expect(reply["allow"] == allowed)
    #expect(reply["host"] == "app-0")
  }

  @Test func `OPTIONS tells what a path answers to`() throws {
    var conversation = Conversation()
    #expect(try conversation.ask("OPTIONS /keys/a")["allow"] == "GET, HEAD, PUT, DELETE, OPTIONS")
    #expect(try conversation.ask("OPTIONS *").status == 204)
  }

  @Test(arguments: [
    "/hosts", "/keys/a/b", "/Keys", "//", "/members/", "/keys//a", "/%00", "/metrics/x",
  ])
  func `there is nothing at another path`(path: String) throws {
    var conversation = Conversation()
    let reply = try conversation.ask("GET \(path)")
    #expect(reply.status == 404)
    #expect(try JSONSerialization.jsonObject(with: Data(reply.body)) is [String: Any])
  }
}
