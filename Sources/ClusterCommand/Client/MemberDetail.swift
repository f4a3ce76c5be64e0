/// What `GET /members` says of the expected members.
struct MemberList: Decodable, Hashable {
  var members: [MemberDetail]

  /// One row a member.
  var table: Table {
    Table(
      header: ["NAME", "STATE", "ADDRESS", "INCARNATION", "BOOT"],
      rows: members.map { [$0.name, $0.state, $0.address ?? "", $0.incarnation, $0.boot] })
  }
}

/// One expected member as the asked one sees it. Numbers of 64 bits come as text.
struct MemberDetail: Decodable, Hashable {
  var name: String
  var state: String
  var address: String?
  var incarnation: String
  var boot: String
}

/// What `GET /leader` says.
struct LeaderDetail: Decodable, Hashable {
  var leader: String?
  var confirmed: Bool
  var term: String?
}

/// What `GET /keys` says: one page, and behind which key the next begins.
struct KeyPage: Decodable, Hashable {
  var keys: [String]
  var next: String?
}
