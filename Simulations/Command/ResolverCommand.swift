import ClusterSimulation

extension Verb {
  static let resolver = Verb(
    name: "resolver", words: "[NAME ...]", count: 0...100,
    summary: "which laws the resolvers of scenario files keep",
    details: """
      Each broken law is shown with the smallest values that break it. In a test of your own,
      'ResolverCheck(resolver, samples: ...).run().requirePassed()' checks yours.
      Exit status 1 when a resolver throws, isn't deterministic, or keeps what is no candidate.
      """,
    options: [json]
  ) { call in
    let all = ConflictResolver.textual
    let known = all.map(\.name)
    if let stranger = call.words.first(where: { !known.contains($0) }) {
      throw Exit.usage("no resolver '\(stranger)': \(known.joined(separator: ", "))")
    }
    var isSound = true
    for (name, resolver) in all where call.words.isEmpty || call.words.contains(name) {
      let report = ResolverCheck(resolver).run()
      Output.line(call.has("--json") ? json(name, report) : "\(report)")
      if ![.total, .deterministic, .genuine].allSatisfy(report.holds) { isSound = false }
    }
    if !isSound { throw Exit(status: .failed, words: nil) }
  }

  private static func json(_ name: String, _ report: ResolverReport) -> String {
    let laws = ResolverLaw.allCases.map { law in
      let example = report.broken.first { $0.law == law }
      return "\"\(law.rawValue)\":"
        + (example.map { JSONText.quoted($0.description) } ?? "true")
    }
    return "{\"resolver\":\(JSONText.quoted(name)),\"conflicts\":\(report.conflicts),"
      + "\"laws\":{\(laws.joined(separator: ","))}}"
  }
}
