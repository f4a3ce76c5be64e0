import Cluster
import ClusterCore

/// The store.
enum KeyRoutes {
  /// The most keys on one page, which is also how many there are when no limit is asked for.
  static let pageLimit = 1_000
  /// The longest time to live, in seconds: a hundred years.
  static let timeToLiveLimit = 3_155_760_000

  static func list(_ call: Call) throws(ProblemDetails) -> Response {
    if try call.query.flag("watch") { return try FeedRoutes.keys(call) }
    let limit = min(try number("limit", in: call.query) ?? pageLimit, pageLimit)
    // One more than asked for tells whether another page follows.
    var keys = call.cluster.keys(
      prefix: Array((call.query["prefix"] ?? "").utf8),
      after: Array((call.query["after"] ?? "").utf8), limit: limit + 1)
    let isLast = keys.count <= limit
    if !isLast { keys.removeSubrange(limit...) }
    var response = Response.json(.ok) { json in
      json.object { json in
        json.name("keys")
        json.array { json in
          for key in keys { json.string(utf8: key.bytes) }
        }
        json.name("next")
        if let last = keys.last, !isLast { json.string(utf8: last.bytes) } else { json.null() }
      }
    }
    if let last = keys.last, !isLast {
      response.add(.link, nextPage(call.query, after: last, limit: limit))
    }
    return response
  }

  /// Where the next page is (RFC 8288).
  private static func nextPage(_ query: Query, after last: Key, limit: Int) -> FieldValue {
    let prefix = query["prefix"].map { "prefix=\(PercentEncoding.encoded(Array($0.utf8)))&" } ?? ""
    let after = PercentEncoding.encoded(last.bytes)
    return FieldValue("</keys?\(prefix)limit=\(limit)&after=\(after)>; rel=\"next\"")
  }

  static func purge(_ call: Call) throws(ProblemDetails) -> Response {
    do throws(StoreError) {
      try call.cluster.purge()
    } catch {
      throw ProblemDetails(error)
    }
    return .json(.ok) { json in json.object { _ in } }
  }

  static func read(_ call: Call) throws(ProblemDetails) -> Response {
    let key = try call.key
    let explains = try call.query.flag("explain")
    let conditions = try Preconditions(call.request.fields)
    guard let entry = call.cluster.entry(key) else { throw absent(key) }
    var response: Response
    if conditions.isKnown(entry) {
      response = Response(.notModified)
    } else if explains {
      response = explanation(key, entry, of: call.cluster)
    } else if Accept(call.request.fields).prefers("application/octet-stream") {
      response = Response(.ok, body: entry.value)
      response.add(.contentType, "application/octet-stream")
    } else {
      response = document(key, entry.value)
    }
    response.add(.etag, FieldValue(EntityTag.text(of: entry)))
    if let expiry = entry.expiry { response.add(.expiry, FieldValue(String(expiry))) }
    response.add(.vary, "accept")
    // Whoever can write a value must not be able to run it in a reader's browser.
    response.add(.contentSecurityPolicy, "default-src 'none'; sandbox")
    return response
  }

  static func write(_ call: Call) throws(ProblemDetails) -> Response {
    let key = try call.key
    let conditions = try Preconditions(call.request.fields)
    let seconds = try number("ttl", in: call.query)
    // Kept as it is, it would be read as something else: what is written is the body's bytes.
    for coding in call.request.fields.values("content-encoding") {
      guard coding.equals(ignoringCase: "identity") else {
        throw ProblemDetails(
          .unsupportedMediaType, "A value is written as it is: without Content-Encoding.")
      }
    }
    guard seconds ?? 1 <= timeToLiveLimit else {
      throw ProblemDetails(.badRequest, "ttl may be \(timeToLiveLimit) seconds at most.")
    }
    let isWritten: Bool
    do throws(StoreError) {
      isWritten = try call.cluster.put(
        key, call.request.body, timeToLive: seconds.map { .seconds($0) },
        if: { conditions.hold(for: $0) })
    } catch {
      throw ProblemDetails(error)
    }
    guard isWritten else { throw conditionFailed(key) }
    return acknowledgement(key)
  }

  static func delete(_ call: Call) throws(ProblemDetails) -> Response {
    let key = try call.key
    let conditions = try Preconditions(call.request.fields)
    let outcome: DeleteOutcome
    do throws(StoreError) {
      outcome = try call.cluster.delete(key, if: { conditions.hold(for: $0) })
    } catch {
      throw ProblemDetails(error)
    }
    switch outcome {
    case .deleted: return acknowledgement(key)
    case .absent: throw absent(key)
    case .conditionFailed: throw conditionFailed(key)
    }
  }

  private static func acknowledgement(_ key: Key) -> Response {
    .json(.ok) { json in
      json.object { json in
        json.name("key")
        json.string(utf8: key.bytes)
      }
    }
  }

  private static func document(_ key: Key, _ value: [UInt8]) -> Response {
    .json(.ok) { json in
      json.object { json in
        json.name("key")
        json.string(utf8: key.bytes)
        write(value, to: &json)
      }
    }
  }

  /// The value, and what it was made of: who won, and by which rule.
  private static func explanation(
    _ key: Key, _ entry: AdministeredEntry, of cluster: any AdministeredCluster
  ) -> Response {
    let names = cluster.expectedNames
    return .json(.ok) { json in
      json.object { json in
        json.name("key")
        json.string(utf8: key.bytes)
        write(entry.value, to: &json)
        json.member("resolver", cluster.resolverName)
        json.member(
          "expires", entry.expiry.map { LogFormatter.timestamp($0) })
        json.name("candidates")
        json.array { json in
          for candidate in entry.candidates {
            let ordinal = candidate.origin.ordinal
            json.object { json in
              if let value = candidate.value { write(value, to: &json) }
              json.member("deleted", candidate.value == nil)
              json.member("member", names.indices.contains(ordinal) ? names[ordinal] : nil)
              json.member("boot", String(candidate.origin.boot))
              json.member("time", LogFormatter.timestamp(candidate.stamp.milliseconds))
              json.member("stamp", String(candidate.stamp.time))
              json.member("read", candidate.value == entry.value)
            }
          }
        }
      }
    }
  }

  /// Writes a value as text where it is some, else in base64.
  static func write(_ value: [UInt8], to json: inout JSONWriter) {
    let isText = (try? UTF8Span(validating: value.span)) != nil
    json.name(isText ? "value" : "base64")
    json.string(utf8: isText ? value : Base64.encoded(value))
  }

  private static func absent(_ key: Key) -> ProblemDetails {
    ProblemDetails(.notFound, "There is no such key.", key: key)
  }

  private static func conditionFailed(_ key: Key) -> ProblemDetails {
    ProblemDetails(
      .preconditionFailed, "What this member holds of the key is not what was asked for.", key: key)
  }

  /// A parameter that must be a positive whole number.
  private static func number(
    _ name: String, in query: Query
  ) throws(ProblemDetails) -> Int? {
    guard let text = query[name] else { return nil }
    guard text.utf8.allSatisfy(\.isDigit), let number = Int(text), number > 0 else {
      throw ProblemDetails(.badRequest, "\(name) must be a positive whole number.")
    }
    return number
  }
}
