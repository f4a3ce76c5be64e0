import Cluster
import ClusterCore

/// An event of the cluster as JSON: when, what, in words, and its parts.
enum EventText {
  /// Writes a recorded event with its id.
  static func write(_ record: RecordedEvent, boot: String, to text: inout ServerSentEvents) {
    let event = record.event
    let line = EventLine(event)
    let name = name(of: event)
    text.event(name, id: "\(boot)-\(record.number)") { json in
      json.name("time")
      json.string(LogFormatter.timestamp(record.wallMilliseconds))
      json.name("type")
      json.string(name)
      json.name("level")
      json.string(line.level.rawValue)
      json.name("message")
      json.string(line.message)
      parts(of: event, to: &json)
      json.name("details")
      json.object { json in
        for (key, value) in line.metadata.sorted(by: { $0.key < $1.key }) {
          json.name(text: key)
          json.string(value)
        }
      }
    }
  }

  /// The event's kind: the name of its case.
  static func name(of event: ClusterEvent) -> String {
    Mirror(reflecting: event).children.first?.label ?? "\(event)"
  }

  private static func parts(of event: ClusterEvent, to json: inout JSONWriter) {
    switch event {
    case .memberChanged(let member, let previous):
      json.name("member")
      ClusterRoutes.write(member, to: &json)
      text("was", previous.rawValue, to: &json)
    case .leaderChanged(let leadership): ClusterRoutes.write(leadership, to: &json)
    case .statusChanged(let status): text("state", status.rawValue, to: &json)
    case .partitionSuspected(let unreachable, let reachable):
      names("unreachable", unreachable, to: &json)
      names("reachable", reachable, to: &json)
    case .partitionConfirmed(let members): names("members", members, to: &json)
    case .partitionHealed(let members, let span):
      names("members", members, to: &json)
      seconds(span, to: &json)
    case .memberStalled(let member, let span), .clockAhead(let member, let span):
      text("member", member.name, to: &json)
      seconds(span, to: &json)
    case .memberDegraded(let member, let degraded):
      text("member", member.name, to: &json)
      json.name("degraded")
      json.boolean(degraded)
    case .recoveryChanged(let recovery):
      text("recovery", recovery == .automatic ? "auto" : "manual", to: &json)
    case .separationChanged(let separated):
      json.name("separated")
      json.boolean(separated)
    case .ordinalClaimedTwice(let member, let boot):
      text("member", member.name, to: &json)
      text("otherBoot", String(boot), to: &json)
    case .resolverDiffers(let member, let theirs):
      text("member", member.name, to: &json)
      text("resolver", theirs, to: &json)
    case .resolverFailed(let key, _): text("key", key, to: &json)
    case .conflict(let key, let candidates):
      text("key", key, to: &json)
      json.name("candidates")
      json.number(candidates)
    case .recovered(let decision, let members, let keys):
      text("decision", decision.rawValue, to: &json)
      names("members", members, to: &json)
      json.member("keys", keys)
    case .storeJoined(let member), .storeDiverged(let member), .storeConnected(let member),
      .storeDisconnected(let member):
      text("member", member.name, to: &json)
    case .storageDamaged(let detail): text("detail", detail, to: &json)
    case .storageFailed(let reason): text("reason", reason, to: &json)
    case .storageRecovered: break
    case .packetsRejected(let reason, let count, let source):
      text("reason", reason, to: &json)
      json.member("count", Int(clamping: count))
      json.member("from", source?.description)
    case .keyringChanged(let fingerprints):
      json.name("fingerprints")
      json.array(fingerprints)
    }
  }

  private static func text(_ name: StaticString, _ value: String, to json: inout JSONWriter) {
    json.name(name)
    json.string(value)
  }

  private static func names(
    _ name: StaticString, _ members: [Member], to json: inout JSONWriter
  ) {
    json.name(name)
    json.array(members.map(\.name))
  }

  private static func seconds(_ span: Duration, to json: inout JSONWriter) {
    json.name("seconds")
    json.number(Double(Span64(span).nanoseconds / 1_000_000) / 1_000)
  }
}
