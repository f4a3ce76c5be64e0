/// What became of asking a member for its view.
package struct PeerView: Sendable {
  /// Whom.
  package var name: String
  /// When its report came, in milliseconds since 1970; zero for never.
  package var wallMilliseconds: UInt64
  /// The last report; none if there never was one.
  package var report: MemberReport?
  /// Why the last question was not answered; none if it was.
  package var failure: String?

  package init(
    name: String, wallMilliseconds: UInt64 = 0, report: MemberReport? = nil,
    failure: String? = nil
  ) {
    self.name = name
    self.wallMilliseconds = wallMilliseconds
    self.report = report
    self.failure = report == nil && failure == nil ? "not asked yet" : failure
  }

  /// Writes the view. `now` is in milliseconds since 1970.
  func write(to json: inout JSONWriter, at now: UInt64) {
    json.object { json in
      json.member("name", name)
      let age = now >= wallMilliseconds ? now - wallMilliseconds : 0
      json.member("ageSeconds", report == nil ? nil : Double(age) / 1_000)
      json.member("error", failure)
      json.name("view")
      if let report { report.write(to: &json) } else { json.null() }
    }
  }
}
