/// Writes metrics in Prometheus' text format 0.0.4.
///
/// One bad line makes Prometheus drop the whole scrape. So a metric with an invalid name, type or
/// label, or with a series that was already written, is left out as a whole, and the others stay.
package struct MetricsText {
  /// The type to serve it with; newer versions of Prometheus insist on it.
  package static let contentType: StaticString = "text/plain; version=0.0.4; charset=utf-8"

  /// What was written.
  package private(set) var bytes: [UInt8] = []
  /// The names of the metrics that were left out.
  package private(set) var refused: [String] = []
  private var names: Set<String> = []
  private var series: Set<String> = []

  /// Creates an empty text.
  package init() {}

  /// The text of some metrics.
  package static func encoded(_ families: [MetricFamily]) -> [UInt8] {
    var text = MetricsText()
    for family in families { text.append(family) }
    return text.bytes
  }

  /// Appends a metric, unless it is invalid.
  package mutating func append(_ family: MetricFamily) {
    var written = series
    var lines = ""
    guard isValid(family) else {
      refused.append(family.name)
      return
    }
    for sample in family.samples {
      let identity = Self.identity(of: sample, in: family)
      guard Self.isValid(sample, in: family), written.insert(identity.sorted).inserted else {
        refused.append(family.name)
        return
      }
      lines += "\(identity.text) \(Self.text(of: sample.value))\n"
    }
    series = written
    names.insert(family.name)
    bytes.append(
      contentsOf: "# HELP \(family.name) \(Self.escaped(family.help, quotes: false))\n".utf8)
    bytes.append(contentsOf: "# TYPE \(family.name) \(family.kind.rawValue)\n".utf8)
    bytes.append(contentsOf: lines.utf8)
  }

  /// A value as the format has it: whole numbers without a point.
  static func text(of value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
    if let whole = Int64(exactly: value), whole.magnitude < 1 << 53 { return String(whole) }
    return value.description
  }

  private func isValid(_ family: MetricFamily) -> Bool {
    Self.isName(family.name, allowsColon: true) && !names.contains(family.name)
      && (family.kind == .counter) == family.name.hasSuffix("_total")
  }

  private static func isValid(_ sample: MetricSample, in family: MetricFamily) -> Bool {
    let suffixes = family.kind == .histogram ? ["_bucket", "_sum", "_count"] : [""]
    guard suffixes.contains(sample.suffix) else { return false }
    var names: Set<String> = []
    return sample.labels.allSatisfy { label in
      isName(label.name, allowsColon: false) && !label.name.hasPrefix("__")
        && names.insert(label.name).inserted
    }
  }

  private static func isName(_ name: String, allowsColon: Bool) -> Bool {
    guard let first = name.utf8.first, !(0x30...0x39).contains(first) else { return false }
    return name.utf8.allSatisfy { byte in
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"): true
      case UInt8(ascii: ":"): allowsColon
      default: false
      }
    }
  }

  /// A series as it is written, and with its labels sorted, by which two are compared.
  private static func identity(
    of sample: MetricSample, in family: MetricFamily
  ) -> (text: String, sorted: String) {
    let name = family.name + sample.suffix
    if sample.labels.isEmpty { return (name, name) }
    let labels = sample.labels.map { "\($0.name)=\"\(escaped($0.value, quotes: true))\"" }
    if labels.count == 1 {
      let text = "\(name){\(labels[0])}"
      return (text, text)
    }
    return (
      "\(name){\(labels.joined(separator: ","))}",
      "\(name){\(labels.sorted().joined(separator: ","))}"
    )
  }

  private static func escaped(_ text: String, quotes: Bool) -> String {
    let isPlain = text.utf8.allSatisfy { byte in
      byte != UInt8(ascii: "\\") && byte != UInt8(ascii: "\n") && byte != UInt8(ascii: "\"")
    }
    if isPlain { return text }
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": escaped += "\\\\"
      case "\n": escaped += "\\n"
      case "\"" where quotes: escaped += "\\\""
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}
