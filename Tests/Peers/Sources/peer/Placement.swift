/// Where the members of a measured cluster are: what the other systems find out from a seed, this one
/// is told, since its clusters have a fixed size.
struct Placement {
  /// This member's number.
  let ordinal: Int
  /// `address:port` of all, by number.
  let peers: [String]
  /// The address to bind.
  let bind: String

  /// Reads `-bind ADDRESS -port PORT -base NUMBER [-seed ADDRESS]`, and from the environment
  /// `PEER_COUNT`, or `PEER_GROUPS` (`3,3`) for two networks.
  ///
  /// - Returns: None, if they don't fit together.
  init?(arguments: [String], environment: [String: String]) {
    var options: [String: String] = [:]
    var rest = arguments[...]
    while let name = rest.popFirst(), let value = rest.popFirst() { options[name] = value }
    guard let bind = options["-bind"], let ordinal = options["-base"].flatMap({ Int($0) }) else {
      return nil
    }
    let port = options["-port"] ?? "7946"
    let addresses: [String]
    if let groups = environment["PEER_GROUPS"]?.split(separator: ",").compactMap({ Int($0) }) {
      addresses = groups.indices.flatMap { group in
        (0..<groups[group]).map { "10.77.\(group + 1).\($0 + 1)" }
      }
    } else if let count = environment["PEER_COUNT"].flatMap({ Int($0) }) {
      addresses = (0..<count).map { "127.1.\($0 / 200).\($0 % 200 + 1)" }
    } else {
      return nil
    }
    guard addresses.indices.contains(ordinal), addresses[ordinal] == bind else { return nil }
    self.ordinal = ordinal
    self.bind = bind
    peers = addresses.map { "\($0):\(port)" }
  }
}
