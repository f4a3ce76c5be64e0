import ClusterSimulation

/// One thing that the command can do: the table of them is all that parsing and help know.
struct Verb: Sendable {
  /// An option of a verb.
  struct Option: Sendable {
    /// Whether a value follows.
    enum Value: Sendable {
      case none
      /// A value must follow; its name in the help.
      case required(String)
      /// A value may follow, where the next word is none of an option and the verb has all its files.
      case possible(String)
    }

    var name: String
    var value: Value
    var about: String

    init(_ name: String, _ value: Value = .none, _ about: String) {
      self.name = name
      self.value = value
      self.about = about
    }
  }

  var name: String
  /// What follows the name, without options.
  var words: String
  /// How many words may follow.
  var count: ClosedRange<Int>
  /// What it does, in one line.
  var summary: String
  /// What there is to know beyond that.
  var details: String
  var options: [Option]
  var run: @Sendable (Call) throws -> Void

  /// All verbs, in the order in which somebody meets them.
  static let all: [Verb] = [
    run, replay, shrink, why, diff, explore, list, verify, faults, measure, resolver, coverage,
    bench,
  ]

  static let seeds = Option(
    "--seeds", .required("SEEDS"),
    "how many, or a range in quotes: 1000, '500..<1000'; 100, or the file's one")
  static let jobs = Option(
    "--jobs", .required("N"), "runs at a time; as many as there are processors")
  static let seed = Option(
    "--seed", .required("N"), "which seed; the one that the file names, else 0")
  static let json = Option("--json", .none, "for programs: one JSON object a line")
}

/// What the command was called with.
struct Call {
  var verb: Verb
  var words: [String] = []
  private var options: [(name: String, value: String?)] = []

  init(_ verb: Verb, _ arguments: ArraySlice<String>) throws {
    self.verb = verb
    var rest = arguments
    while let word = rest.popFirst() {
      guard word.hasPrefix("-"), word != "-" else {
        words.append(word)
        continue
      }
      let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
      guard let option = verb.options.first(where: { $0.name == parts[0] }) else {
        let meant = Spelling.nearest(to: parts[0], among: verb.options.map(\.name))
          .map { "; did you mean \($0)?" }
        throw Exit.usage(
          "\(verb.name) has no option \(parts[0])\(meant ?? "")\n\(Help.synopsis(verb))")
      }
      switch option.value {
      case .none:
        guard parts.count == 1 else { throw Exit.usage("\(option.name) takes no value") }
        options.append((option.name, nil))
      case .required(let name):
        guard let value = parts.count > 1 ? parts[1] : rest.popFirst() else {
          throw Exit.usage("\(option.name) needs \(name)\n\(Help.synopsis(verb))")
        }
        options.append((option.name, value))
      case .possible:
        if parts.count > 1 {
          options.append((option.name, parts[1]))
        } else if words.count >= verb.count.lowerBound, let next = rest.first, !next.hasPrefix("-")
        {
          options.append((option.name, next))
          rest.removeFirst()
        } else {
          options.append((option.name, nil))
        }
      }
    }
    guard verb.count.contains(words.count) else {
      throw Exit.usage("\(verb.name) needs \(verb.words)\n\(Help.synopsis(verb))")
    }
  }

  /// Whether an option was given.
  func has(_ name: String) -> Bool { options.contains { $0.name == name } }

  /// The value of an option; the last one counts.
  func value(_ name: String) -> String? { options.last { $0.name == name }?.value }

  /// A whole number, or what is there without it.
  func number(_ name: String, in range: ClosedRange<Int>, or usual: Int) throws -> Int {
    guard let text = value(name) else { return usual }
    guard let number = Int(text), range.contains(number) else {
      throw Exit.usage("\(name) '\(text)': \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  /// The seeds to run.
  func seeds(of scenario: Scenario? = nil) throws -> Range<UInt64> {
    guard let text = value("--seeds") else {
      guard let seed = scenario?.seed, seed < .max else { return 0..<100 }
      return seed..<seed + 1
    }
    if let count = UInt64(text), count > 0 { return 0..<count }
    let parts = text.split(separator: ".", omittingEmptySubsequences: true)
    guard text.contains("..<"), parts.count == 2, let low = UInt64(parts[0]),
      let high = UInt64(parts[1].dropFirst()), low < high
    else {
      throw Exit.usage("--seeds '\(text)': a count or 'A..<B' is needed, like 1000 or '500..<1000'")
    }
    return low..<high
  }

  /// The one seed to run.
  func seed(of scenario: Scenario) throws -> UInt64 {
    guard let text = value("--seed") else { return scenario.seed ?? 0 }
    guard let seed = UInt64(text) else {
      throw Exit.usage("--seed '\(text)': a number from 0 to \(UInt64.max) is needed")
    }
    return seed
  }

  /// How many runs go on at a time.
  func jobs() throws -> Int {
    try number("--jobs", in: 1...CrashReport.slots, or: min(Processors.count, CrashReport.slots))
  }

  /// A moment of a run like `12.3s` or `12300ms`.
  func moment(_ name: String) throws -> UInt64? {
    guard let text = value(name) else { return nil }
    guard let moment = Moments.nanoseconds(text) else {
      throw Exit.usage("\(name) '\(text)': a time like 12.3s or 800ms is needed")
    }
    return moment
  }
}
