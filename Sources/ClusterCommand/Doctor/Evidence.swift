/// What was found out, before anybody judges it.
struct Evidence: Sendable {
  /// Where members are expected by the settings of this place; none where there are no settings.
  var expected: [Expected]?
  /// Every member that the asked one knows of, and what came of asking it.
  var members: [Interview]

  /// One entry of the settings.
  struct Expected: Sendable {
    /// The member's name.
    var name: String
    /// Host and port of the cluster's protocol.
    var endpoint: String
    /// What its host's name stands for; none where it is unknown.
    var addresses: [String]
    /// Why it is unknown.
    var failure: String?
    /// What came of connecting to its port.
    var port = Port.untried
  }

  /// What came of a TCP connection.
  enum Port: Equatable, Sendable {
    case untried
    case open
    /// The host answered that nobody listens.
    case refused
    /// Nothing came back.
    case silent
    /// The system said something else.
    case failed(String)
  }

  /// What a member answered.
  struct Interview: Sendable {
    /// The member's name.
    var name: String
    /// Where it was asked.
    var url: String
    /// Why it didn't answer; none where it did.
    var failure: String?
    /// What it believes; none where it didn't answer.
    var view: View?
    /// Its metrics, each with its labels, at the first and the second look.
    var metrics: [[String: Double]] = []
    /// How far its wall clock is ahead of this place's, in seconds, and how wrong that may be.
    var clock: (ahead: Double, within: Double)?

    /// How much a counter grew between the looks, and what it is; none where it isn't there.
    func counter(_ name: String) -> (growth: Double, value: Double)? {
      guard let last = metrics.last?[name] else { return nil }
      return (last - (metrics.first?[name] ?? 0), last)
    }
  }

  /// What one member says of itself and of all expected ones.
  struct View: Decodable, Sendable {
    var version: String?
    var recovery: String?
    var leader: String?
    var confirmed: Bool?
    var ready: Bool?
    var separated: Bool?
    var members: [Peer]
  }

  /// What one member says of another one, or of itself.
  struct Peer: Decodable, Sendable {
    var name: String
    var state: String
    var address: String?
    var heardSecondsAgo: Double?
    var clockOffsetSeconds: Double?

    /// Whether it counts as live.
    var isLive: Bool { state == "alive" || state == "suspect" }
  }

  /// Those that answered.
  var answering: [(name: String, view: View, interview: Interview)] {
    members.compactMap { interview in interview.view.map { (interview.name, $0, interview) } }
  }
}
