import ClusterCore

/// Everything that happened in one run, each event with its cause.
///
/// As a text: a header that names the run, one line an event, and the run's hash. All of it is ASCII
/// and whole numbers, so that two traces can be compared line by line, whatever made them.
public struct Trace: Hashable, Sendable {
  /// The version of the text that this code writes and reads.
  public static let version = 1

  /// What was run.
  public struct Header: Hashable, Sendable {
    /// The scenario's name.
    public var scenario: String
    /// The hash of the scenario's text.
    public var scenarioHash: UInt64
    /// How many members are expected.
    public var nodes: Int
    /// The run's seed.
    public var seed: UInt64
    /// The version of the datagrams that the members speak.
    public var wire: Int
  }

  /// What was run.
  public var header: Header
  /// What happened, in order.
  public var events: [TraceEvent]
  /// The run's hash; none where the trace ends before the run did.
  public var hash: UInt64?

  /// Runs one seed to its end and keeps everything.
  public init(_ scenario: Scenario, seed: UInt64) {
    var world = World(scenario, seed: seed, traced: true)
    while world.step() {}
    header = Header(scenario, seed: seed)
    events = world.trace?.take() ?? []
    hash = world.hash.value
  }

  init(header: Header, events: [TraceEvent], hash: UInt64?) {
    self.header = header
    self.events = events
    self.hash = hash
  }

  /// The trace as text.
  public var lines: [String] {
    [header.description] + events.map(\.description)
      + (hash.map { ["hash=" + Simulation.hexadecimal($0)] } ?? [])
  }

  /// Reads a trace.
  ///
  /// - Throws: The line that is none, and what is expected there.
  public init(parsing text: String) throws(ScenarioError) {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)[...]
    if lines.last?.isEmpty == true { lines.removeLast() }
    guard let first = lines.popFirst(), let header = Header(parsing: String(first)) else {
      throw ScenarioError(
        line: 1, column: 1, found: "no header", expected: "'# trace \(Self.version) scenario=...'")
    }
    self.header = header
    events = []
    for (index, line) in lines.enumerated() {
      if let event = TraceEvent(parsing: line) {
        events.append(event)
      } else if line.hasPrefix("hash="), let hash = UInt64(line.dropFirst(5), radix: 16) {
        self.hash = hash
      } else {
        var error = ScenarioError(
          line: index + 2, column: 1, found: "'\(line.prefix(20))'",
          expected: "'TIME NUMBER NODE CAUSE KIND FIELDS' or 'hash=HASH'")
        error.source = String(line)
        throw error
      }
    }
  }

  /// The event of a number.
  ///
  /// - Complexity: O(log n)
  public func event(_ number: UInt64) -> TraceEvent? {
    var (low, high) = (0, events.count)
    while low < high {
      let middle = (low + high) / 2
      if events[middle].number < number { low = middle + 1 } else { high = middle }
    }
    return low < events.count && events[low].number == number ? events[low] : nil
  }
}

extension Trace.Header: CustomStringConvertible {
  /// Names the run of a scenario with a seed.
  public init(_ scenario: Scenario, seed: UInt64) {
    var hash = RunHash()
    hash.combine(Array(scenario.text.utf8))
    self.init(
      scenario: scenario.name, scenarioHash: hash.value, nodes: scenario.nodes, seed: seed,
      wire: Int(ClusterCore.Header.version))
  }

  /// The first line of a trace.
  public var description: String {
    "# trace \(Trace.version) scenario=\(ScenarioWord.text(scenario)) nodes=\(nodes) seed=\(seed)"
      + " scenario-hash=\(Simulation.hexadecimal(scenarioHash)) wire=\(wire)"
  }

  init?(parsing line: String) {
    let start = "# trace \(Trace.version) scenario="
    let words = line.split(separator: " ")
    func value(_ name: String) -> Substring? {
      words.last { $0.hasPrefix(name + "=") }?.dropFirst(name.utf8.count + 1)
    }
    guard line.hasPrefix(start), let nodes = value("nodes").flatMap({ Int($0) }),
      let seed = value("seed").flatMap({ UInt64($0) }),
      let hash = value("scenario-hash").flatMap({ UInt64($0, radix: 16) }),
      let wire = value("wire").flatMap({ Int($0) })
    else { return nil }
    self.init(
      scenario: String(value("scenario") ?? ""), scenarioHash: hash, nodes: nodes, seed: seed,
      wire: wire)
  }
}
