import Cluster
import ClusterCore

/// What is pending in manual recovery, and what an operator decides.
enum RecoveryRoutes {
  static func show(_ call: Call) -> Response { document(of: call.cluster) }

  static func decide(_ call: Call) throws(ProblemDetails) -> Response {
    let choices = RecoveryDecision.allCases.map(\.rawValue)
    guard let decision = call.query["decision"].flatMap(RecoveryDecision.init(rawValue:)) else {
      throw ProblemDetails(
        .badRequest, "decision must be \(choices.joined(separator: ", ")).")
    }
    guard !call.cluster.pending.isEmpty else {
      throw ProblemDetails(.conflict, "No other group can be reached: there is nothing to decide.")
    }
    call.cluster.recover(decision)
    return document(of: call.cluster)
  }

  private static func document(of cluster: any AdministeredCluster) -> Response {
    let pending = cluster.pending
    return .json(.ok) { json in
      json.object { json in
        json.member("recovery", cluster.recovery == .automatic ? "auto" : "manual")
        json.name("groups")
        json.array { json in
          for group in pending.groups { write(group, to: &json) }
        }
      }
    }
  }

  private static func write(_ group: PendingGroup, to json: inout JSONWriter) {
    json.object { json in
      json.member("members", group.members.map(\.name))
      json.member("onlyHere", group.onlyHere)
      json.member("onlyThere", group.onlyThere)
      json.member("inConflict", group.inConflict)
      json.member("complete", group.isComplete)
    }
  }
}
