import FoundationEssentials

/// What `GET /` says of the cluster, as the asked member sees it.
struct ClusterInfo: Decodable, Hashable {
  var recovery: String
  var state: String
  var size: Int
  var leader: String?
  var nodes: [String]
  var store: Store

  /// What it says of the store.
  struct Store: Decodable, Hashable {
    var size: Int
    var replicas: Replicas?
  }

  /// Which members hold the store.
  struct Replicas: Decodable, Hashable {
    var all: [String]
    var active: [String]
  }

  /// Two columns, what and how.
  var table: Table {
    var rows = [
      ["state", state], ["members", "\(nodes.count) of \(size): " + nodes.joined(separator: ", ")],
      ["leader", leader ?? "none"], ["recovery", recovery], ["keys", String(store.size)],
    ]
    if let replicas = store.replicas {
      let names = replicas.active.joined(separator: ", ")
      rows.append(["replicas", "\(replicas.active.count) of \(replicas.all.count): " + names])
    }
    return Table(rows: rows)
  }
}

extension HTTPReply {
  /// Reads the body as JSON.
  ///
  /// - Throws: That it is none, or not of this shape.
  func decoded<Value: Decodable>(
    _ type: Value.Type, from url: AdminURL
  ) throws(ClientError) -> Value {
    do {
      return try JSONDecoder().decode(type, from: Data(body))
    } catch {
      throw .unintelligible(url, "JSON of another shape")
    }
  }
}
