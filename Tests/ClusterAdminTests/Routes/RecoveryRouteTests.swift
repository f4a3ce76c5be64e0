import ClusterAdmin
import ClusterCore
import Testing

@Suite struct RecoveryRouteTests {
  private func conversation() -> Conversation {
    let conversation = Conversation()
    var group = PendingGroup(members: [conversation.cluster.members[2]])
    group.onlyHere = ["a"]
    group.inConflict = ["b", "c"]
    group.isComplete = true
    conversation.cluster.change {
      $0.recovery = .manual
      $0.pending = PendingRecovery(groups: [group])
    }
    return conversation
  }

  @Test func `what is pending is shown by group`() throws {
    var nothing = Conversation()
    #expect(try nothing.ask("GET /recovery").text == #"{"recovery":"auto","groups":[]}"#)
    var conversation = conversation()
    #expect(
      try conversation.ask("GET /recovery").text
        == #"{"recovery":"manual","groups":[{"members":["app-2"],"onlyHere":["a"],"#
        + #""onlyThere":[],"inConflict":["b","c"],"complete":true}]}"#)
  }

  @Test func `a decision is one of three, and there must be something to decide`() throws {
    var conversation = conversation()
    for decision in ["merge", "keep-local", "adopt-remote"] {
      #expect(try conversation.ask("POST /recovery?decision=\(decision)").status == 200)
    }
    #expect(
      conversation.cluster.commands == [
        "recover merge", "recover keep-local", "recover adopt-remote",
      ])
    #expect(try conversation.ask("POST /recovery?decision=both").status == 400)
    #expect(try conversation.ask("POST /recovery").status == 400)
    var nothing = Conversation()
    #expect(try nothing.ask("POST /recovery?decision=merge").status == 409)
    #expect(nothing.cluster.commands.isEmpty)
  }
}
