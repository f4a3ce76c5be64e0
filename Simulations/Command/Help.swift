/// The manual, made from the table of verbs.
enum Help {
  /// One verb's first line.
  static func synopsis(_ verb: Verb) -> String {
    let options = verb.options.map { "[\(form($0))]" }.joined(separator: " ")
    return "usage: simulate \(verb.name) \(verb.words) \(options)".trimmed
      + "\n       simulate \(verb.name) --help says more"
  }

  /// What `simulate VERB --help` says.
  static func page(_ verb: Verb) -> String {
    var lines = ["simulate \(verb.name) \(verb.words)".trimmed, "", indented(verb.summary)]
    if !verb.details.isEmpty { lines += ["", indented(verb.details)] }
    if !verb.options.isEmpty { lines += ["", "OPTIONS"] + verb.options.map(text) }
    return lines.joined(separator: "\n")
  }

  /// What `simulate --help` says.
  static var manual: String {
    let width = Verb.all.map { "\($0.name) \($0.words)".count }.max() ?? 0
    let verbs = Verb.all.map { verb in
      let call = "\(verb.name) \(verb.words)"
      return "    \(call)\(String(repeating: " ", count: width - call.count + 3))\(verb.summary)"
    }
    return """
      NAME
          simulate - runs a whole cluster a thousand times in virtual time, finds the run that
          breaks a promise, makes it small and explains it

      SYNOPSIS
          simulate VERB [FILE ...] [OPTION ...]
          simulate VERB --help

      DESCRIPTION
          A scenario says what happens to a cluster (partitions, crashes, pauses, clocks, writes) and
          what must come true. Every run of it depends on the scenario and a seed only: the same
          protocol code that runs in production, in virtual time, on one thread, with a network, clocks
          and faults drawn from the seed. A seed that fails once fails always, on every machine.

      VERBS
      \(verbs.joined(separator: "\n"))

      FILES
          FILE is a path, or the name of a scenario in Simulations/Scenarios.
          Simulations/Scenarios/*.scenario   scenarios, one statement a line
          Simulations/Corpus/*.scenario      every failure ever found, shrunk; all of them pass now
          Simulations/golden.hashes          what known runs come to, byte for byte

      SCENARIO
      \(indented(scenarioText))

      EXIT STATUS
          0   everything held
          1   something broke, and the report says what
          2   wrong call, or a file (or standard output) that can't be read or written
          3   one seed gave two different runs
          130 ended by Ctrl-C, after a report of what was done

      EXAMPLES
          simulate run halves --seeds 10000            ten thousand partitions
          simulate replay halves --seed 8123 --trace   one of them, line by line
          simulate replay halves --seed 8123 --html run.html
                                                       the same as a picture to look around in
          simulate shrink swarm --seed 8123            the smallest scenario that still fails
          simulate replay halves --seed 3 --trace a.trace; simulate why a.trace 4711
                                                       what led to event 4711
      """
  }

  private static let scenarioText = """
    scenario netsplit-cart
    nodes 5
    resolver union                       # lww, max, union, concat; in Swift: any closure
    link latency exp 20ms min 1ms loss 2% duplicate 1% reorder 5%
    workload put keys 16 rate 20/s until 70s
    at 10s partition 0 1 | 2 3 4         # isolate, bridge, cut A -> B, mend, link A <-> B, heal
    at 25s crash 3                       # crash N silently, restart, pause N for T, skew N +10min
    at 40s restart 3                     # put K V at N, delete, fill, leave, disconnect, rejoin
    at 60s heal
    expect within 20s converged leader 0
    expect sometimes conflict
    """

  private static func form(_ option: Verb.Option) -> String {
    switch option.value {
    case .none: option.name
    case .required(let value): "\(option.name) \(value)"
    case .possible(let value): "\(option.name) [\(value)]"
    }
  }

  private static func text(_ option: Verb.Option) -> String {
    let form = form(option)
    return "    \(form)\(String(repeating: " ", count: max(1, 24 - form.count)))\(option.about)"
  }

  private static func indented(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.isEmpty ? "" : "    \($0)" }.joined(separator: "\n")
  }
}

extension String {
  /// Without blanks at the end.
  var trimmed: String {
    var text = Substring(self)
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
