/// What `GET /keyring` says of the keys that protect packets.
struct KeyringDetail: Decodable, Hashable {
  var protected: Bool
  var expected: Int
  var keys: [Key]
  var members: [Member]

  /// One key of the asked member.
  struct Key: Decodable, Hashable {
    var fingerprint: String
    var primary: Bool
    var held: Int
    var sealing: Int
  }

  /// What one member's packets say of its keys.
  struct Member: Decodable, Hashable {
    var name: String
    var live: Bool
    var seals: String?
    var accepts: [String]?
  }

  /// One row a key.
  var keyTable: Table {
    Table(
      header: ["KEY", "USE", "HELD BY", "SEALING"],
      rows: keys.map {
        [
          $0.fingerprint, $0.primary ? "seals" : "opens", "\($0.held) of \(expected)",
          "\($0.sealing) of \(expected)",
        ]
      })
  }

  /// One row a member.
  var memberTable: Table {
    Table(
      header: ["MEMBER", "SEALS WITH", "ACCEPTS"],
      rows: members.map { member in
        [
          member.live ? member.name : "\(member.name) (not live)", member.seals ?? "unknown",
          member.accepts.map { $0.joined(separator: " ") }
            ?? (member.seals == nil ? "unknown" : "others too"),
        ]
      })
  }
}
