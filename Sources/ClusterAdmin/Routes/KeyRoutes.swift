import ClusterCore

/// The store.
enum KeyRoutes {
  /// The most keys on one page, which is also how many there are when no limit is asked for.
  static let pageLimit = 1_000
  /// The longest time to live, in seconds: a hundred years.
  static let timeToLiveLimit = 3_155_760_000

  static func list(_ call: Call) throws(ProblemDetails) -> Response {
    let limit = min(try number("limit", in: call.query) ?? pageLimit, pageLimit)
    // One more than asked for tells whether another page follows.
    var keys = call.cluster.keys(
      prefix: Array((call.query["prefix"] ?? "").utf8),
      after: Array((call.query["after"] ?? "").utf8), limit: limit + 1)
    let isLast = keys.count <= limit
    if !isLast { keys.removeSubrange(limit...) }
    return .json(.ok) { json in
      json.object { json in
        json.name("keys")
        json.array { json in
          for key in keys { json.string(utf8: key.bytes) }
        }
        json.name("next")
        if let last = keys.last, !isLast { json.string(utf8: last.bytes) } else { json.null() }
      }
    }
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
    let conditions = try Preconditions(call.request.fields)
    guard let entry = call.cluster.entry(key) else { throw absent(key) }
    var response: Response
    if conditions.isKnown(entry) {
      response = Response(.notModified)
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
    let isText = (try? UTF8Span(validating: value.span)) != nil
    return .json(.ok) { json in
      json.object { json in
        json.name("key")
        json.string(utf8: key.bytes)
        json.name(isText ? "value" : "base64")
        json.string(utf8: isText ? value : Base64.encoded(value))
      }
    }
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
