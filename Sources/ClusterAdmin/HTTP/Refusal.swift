/// Why a request is not read any further. The connection ends after the answer, since where the next
/// request would begin is not known.
package struct Refusal: Error, Hashable, Sendable {
  /// The status of the answer.
  package var status: Status
  /// What was wrong, and what would be right. Never contains anything the client sent.
  package var detail: String

  /// Creates a refusal.
  package init(_ status: Status, _ detail: String) {
    self.status = status
    self.detail = detail
  }
}
