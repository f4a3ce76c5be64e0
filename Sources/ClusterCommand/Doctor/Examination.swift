import Cluster
import Dispatch
import FoundationEssentials
import Synchronization

/// Asks every member that one of them knows of.
struct Examination: Sendable {
  /// Between the two looks at counters: what grows meanwhile is going on now.
  static let pause = Duration.milliseconds(1_200)

  /// The member that is asked first.
  let asked: AdminURL
  /// The admin HTTP of all members, where that can't be told from their addresses.
  let urls: [AdminURL]

  /// What all members say; the asked one first.
  ///
  /// - Throws: That the asked one doesn't answer, or not as a member does.
  func interviews() async throws(ClientError) -> [Evidence.Interview] {
    let first = try interview(asked)
    let others = targets(of: first)
    let answers = Mutex([Evidence.Interview?](repeating: nil, count: others.count))
    DispatchQueue.concurrentPerform(iterations: others.count) { index in
      let answer = self.answer(of: others[index])
      answers.withLock { $0[index] = answer }
    }
    var all = [first] + answers.withLock { $0.compactMap { $0 } }
    if all.contains(where: { $0.view == nil }) { relay(to: &all) }
    try? await Task.sleep(for: Self.pause)
    let again = Mutex(all)
    DispatchQueue.concurrentPerform(iterations: all.count) { index in
      let one = again.withLock { $0[index] }
      guard one.view != nil, let url = AdminURL(one.url) else { return }
      let client = AdminClient(url: url, token: nil)
      guard let reply = try? client.success("GET", "/metrics") else { return }
      again.withLock { $0[index].metrics.append(Self.samples(reply.text)) }
    }
    all = again.withLock { $0 }
    return all
  }

  private struct Target {
    var name: String?
    var url: AdminURL
  }

  /// The others, by the given URLs or by their addresses in the view of the asked one.
  private func targets(of first: Evidence.Interview) -> [Target] {
    guard urls.isEmpty else {
      return urls.filter { $0 != asked }.map { Target(name: nil, url: $0) }
    }
    let peers = first.view?.members ?? []
    return peers.filter { $0.name != first.name }.compactMap { peer in
      guard let address = peer.address, let place = try? HostAndPort(parsing: address) else {
        return nil
      }
      let authority = HostAndPort(host: place.host, port: asked.port)
      return AdminURL("http://\(authority)").map { Target(name: peer.name, url: $0) }
    }
  }

  /// Fills in what the asked member was told by those that can't be reached from here.
  private func relay(to interviews: inout [Evidence.Interview]) {
    let client = AdminClient(url: asked, token: nil)
    guard let reply = try? client.success("GET", "/views"),
      let relayed = try? reply.decoded(Relayed.self, from: asked)
    else { return }
    for entry in relayed.views {
      guard let view = entry.view,
        let index = interviews.firstIndex(where: { $0.name == entry.name && $0.view == nil })
      else { continue }
      interviews[index].view = view
      interviews[index].failure = nil
    }
  }

  private struct Relayed: Decodable {
    var views: [Entry]

    struct Entry: Decodable {
      var name: String
      var view: Evidence.View?
    }
  }

  private func answer(of target: Target) -> Evidence.Interview {
    do throws(ClientError) {
      let found = try interview(target.url)
      guard let name = target.name, name != found.name else { return found }
      return Evidence.Interview(
        name: name, url: target.url.description, failure: "\(found.name) answers there")
    } catch {
      let reason =
        switch error {
        case .unreachable(_, let reason): reason
        case .unintelligible(_, let expected): "expected \(expected)"
        case .refused(let status, let reason): "status \(status): \(reason)"
        }
      return Evidence.Interview(
        name: target.name ?? target.url.description, url: target.url.description, failure: reason)
    }
  }

  private func interview(_ url: AdminURL) throws(ClientError) -> Evidence.Interview {
    let client = AdminClient(url: url, token: nil)
    let start = WallClock.seconds
    let reply = try client.success("GET", "/members")
    let end = WallClock.seconds
    guard let name = reply.fields["host"] else {
      throw .unintelligible(url, "a header 'host' with the member's name")
    }
    var found = Evidence.Interview(name: name, url: url.description)
    found.view = try reply.decoded(Evidence.View.self, from: url)
    if let date = reply.fields["date"].flatMap(WallClock.seconds(of:)) {
      // The header counts whole seconds: half of one later is the best guess.
      found.clock = (date + 0.5 - (start + end) / 2, 0.5 + (end - start) / 2)
    }
    if let metrics = try? client.success("GET", "/metrics") {
      found.metrics = [Self.samples(metrics.text)]
    }
    return found
  }

  /// The samples of Prometheus' text format, each by its name with labels.
  static func samples(_ text: String) -> [String: Double] {
    var samples: [String: Double] = [:]
    for line in text.split(separator: "\n") where !line.hasPrefix("#") {
      guard let space = line.lastIndex(of: " "),
        let value = Double(line[line.index(after: space)...])
      else { continue }
      samples[String(line[..<space])] = value
    }
    return samples
  }
}

/// The wall clock, and how HTTP writes it.
enum WallClock {
  /// Seconds since 1970.
  static var seconds: Double { Date().timeIntervalSince1970 }

  /// Reads `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, 5.6.7).
  static func seconds(of text: String) -> Double? {
    let words = text.split(separator: " ").map(String.init)
    guard words.count == 6, words[5] == "GMT", let month = months.firstIndex(of: words[2]) else {
      return nil
    }
    let digits = (month < 9 ? "0" : "") + String(month + 1)
    // The rest is what ISO 8601 says in another order.
    return try? Date("\(words[3])-\(digits)-\(words[1])T\(words[4])Z", strategy: .iso8601)
      .timeIntervalSince1970
  }

  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]
}
