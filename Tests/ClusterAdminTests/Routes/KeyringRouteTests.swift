import Cluster
import ClusterAdmin
import Testing

@Suite struct KeyringRouteTests {
  @Test func `without a key there is none`() throws {
    var conversation = Conversation()
    #expect(
      try conversation.ask("GET /keyring").text
        == #"{"protected":false,"expected":3,"keys":[],"members":[]}"#)
  }

  @Test func `keys are named by their fingerprints, and say who holds them`() throws {
    var conversation = Conversation()
    let (old, new) = (KeyFingerprint(rawValue: 0xAB), KeyFingerprint(rawValue: 0xF000_0000))
    conversation.cluster.change {
      $0.keyring = KeyringView(
        expected: 2,
        keys: [
          .init(fingerprint: old, isPrimary: true, held: 2, sealing: 2),
          .init(fingerprint: new, isPrimary: false, held: 1, sealing: 0),
        ],
        members: [
          .init(name: "app-0", isLive: true, seals: old, accepts: [old, new]),
          .init(name: "app-1", isLive: true, seals: old, accepts: nil),
        ])
    }
    #expect(
      try conversation.ask("GET /keyring").text
        == #"{"protected":true,"expected":2,"keys":["#
        + #"{"fingerprint":"000000ab","primary":true,"held":2,"sealing":2},"#
        + #"{"fingerprint":"f0000000","primary":false,"held":1,"sealing":0}],"members":["#
        + #"{"name":"app-0","live":true,"seals":"000000ab","accepts":["000000ab","f0000000"]},"#
        + #"{"name":"app-1","live":true,"seals":"000000ab","accepts":null}]}"#)
  }
}
