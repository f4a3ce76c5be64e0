package import ClusterCore

/// What went wrong, for programs and people (RFC 9457).
package struct ProblemDetails: Error, Sendable, Equatable {
  /// The status, whose words are the title.
  package var status: Status
  /// What was wrong with this request, and what would be right.
  package var detail: String
  /// The key that the problem is about, as UTF-8.
  package var key: [UInt8]?
  /// The member that the problem is about.
  package var host: String?
  /// Header fields that belong to the status.
  package var fields: [Response.Field] = []

  /// Creates a problem.
  package init(_ status: Status, _ detail: String) {
    self.status = status
    self.detail = detail
  }

  /// Creates a problem with a key.
  package init(_ status: Status, _ detail: String, key: Key) {
    self.init(status, detail)
    self.key = key.bytes
  }

  /// The problem as an answer.
  package var response: Response {
    var response = Response.json(status) { json in
      json.object { json in
        json.name("type")
        json.string("about:blank")
        json.name("title")
        json.string(status.reason.description)
        json.name("status")
        json.number(status.code)
        json.name("detail")
        json.string(detail)
        if let key {
          json.name("key")
          json.string(utf8: key)
        }
        if let host {
          json.name("host")
          json.string(host)
        }
      }
    }
    response.fields = fields
    response.add(.contentType, "application/problem+json")
    return response
  }
}
