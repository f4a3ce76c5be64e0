import ClusterSimulation

extension Verb {
  static let why = Verb(
    name: "why", words: "TRACE EVENT", count: 2...2,
    summary: "what led to an event of a trace",
    details: """
      Prints the chain of causes from the event back to the scenario, what the member had come to
      believe by then, and which faults were in force. EVENT is a number: the second word of a line.
      """,
    options: [Option("--depth", .required("N"), "how many causes; 16")]
  ) { call in
    let trace = try ScenarioFiles.trace(call.words[0])
    guard let number = UInt64(call.words[1]), trace.event(number) != nil else {
      let last = trace.events.last?.number ?? 0
      throw Exit.usage("there is no event '\(call.words[1])' in \(call.words[0]): 1 to \(last)")
    }
    let depth = try call.number("--depth", in: 1...100_000, or: 16)
    if let explanation = trace.why(number, depth: depth) { Output.line("\(explanation)") }
  }

  static let diff = Verb(
    name: "diff", words: "TRACE TRACE", count: 2...2,
    summary: "the first difference of two traces",
    details: """
      Two runs of one seed have equal traces. Where they don't, something beside the seed took part:
      the first event that differs says where. Exit status 1 when they differ.
      """,
    options: []
  ) { call in
    let (left, right) = (
      try ScenarioFiles.trace(call.words[0]), try ScenarioFiles.trace(call.words[1])
    )
    guard let difference = Trace.firstDifference(left, right) else {
      Output.line("no difference: \(left.events.count) events")
      return
    }
    Output.line("\(difference)")
    throw Exit(status: .failed, words: nil)
  }
}
