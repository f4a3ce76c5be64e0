import ClusterCore

/// A metric: all series of one name.
public struct MetricFamily: Sendable {
  /// What the values mean.
  public enum Kind: String, Sendable {
    /// A number that only grows while the process lives; its name ends in `_total`.
    case counter
    /// A number that goes up and down.
    case gauge
    /// How often something was at most as large as each of some bounds.
    case histogram
    /// A number of which nothing is said.
    case untyped
  }

  /// The name, that of the samples unless they have a suffix.
  public var name: String
  /// What the values mean.
  public var kind: Kind
  /// One sentence that says what is measured, and in which unit.
  public var help: String
  /// The series.
  public var samples: [MetricSample]

  /// Creates a metric of several series.
  public init(_ name: String, _ kind: Kind, _ help: String, _ samples: [MetricSample]) {
    self.name = name
    self.kind = kind
    self.help = help
    self.samples = samples
  }

  /// Creates a metric of one series without labels.
  public init(_ name: String, _ kind: Kind, _ help: String, _ value: Double) {
    self.init(name, kind, help, [MetricSample([], value)])
  }

  /// A counter of one series without labels.
  static func counter(_ name: String, _ help: String, _ value: UInt64) -> MetricFamily {
    MetricFamily(name, .counter, help, Double(value))
  }

  /// A gauge of one series without labels.
  static func gauge(_ name: String, _ help: String, _ value: Double) -> MetricFamily {
    MetricFamily(name, .gauge, help, value)
  }

  /// A histogram of spans of time, in seconds.
  static func histogram(_ name: String, _ help: String, _ spans: SpanHistogram) -> MetricFamily {
    MetricFamily(
      histogram: name, help,
      buckets: zip(spans.bounds, spans.counts).map { ($0.inSeconds, $1) },
      sum: spans.sum.inSeconds, count: spans.counts.reduce(0, +))
  }

  /// Creates a histogram of one series.
  ///
  /// - Parameters:
  ///   - buckets: Upper bounds, ascending, each with how many observations lie in it but in no
  ///     earlier one. What is larger than every bound is in `count` only.
  ///   - sum: The sum of all observations.
  ///   - count: The number of all observations.
  public init(
    histogram name: String, _ help: String, labels: [(name: String, value: String)] = [],
    buckets: [(bound: Double, count: UInt64)], sum: Double, count: UInt64
  ) {
    var samples: [MetricSample] = []
    var cumulative: UInt64 = 0
    for bucket in buckets {
      cumulative &+= bucket.count
      samples.append(
        MetricSample(
          labels + [("le", MetricsText.text(of: bucket.bound))], Double(cumulative),
          suffix: "_bucket"))
    }
    samples.append(MetricSample(labels + [("le", "+Inf")], Double(count), suffix: "_bucket"))
    samples.append(MetricSample(labels, sum, suffix: "_sum"))
    samples.append(MetricSample(labels, Double(count), suffix: "_count"))
    self.init(name, .histogram, help, samples)
  }

  /// The same series under the name without `_total`, as the original had them.
  ///
  /// They are `untyped`: a counter of such a name would be rightly complained about.
  package var withoutTotal: MetricFamily {
    let suffix = "_total"
    let short = name.hasSuffix(suffix) ? String(name.dropLast(suffix.count)) : name
    return MetricFamily(short, .untyped, "The same as \(name), by its older name.", samples)
  }
}

/// One series of a metric and its value.
public struct MetricSample: Sendable {
  /// What the name has behind the metric's own; empty but for histograms.
  public var suffix: String
  /// What tells the series from the metric's others. Never of unbounded variety.
  public var labels: [(name: String, value: String)]
  /// The value.
  public var value: Double

  /// Creates a sample.
  public init(
    _ labels: [(name: String, value: String)], _ value: Double, suffix: String = ""
  ) {
    self.labels = labels
    self.value = value
    self.suffix = suffix
  }
}

extension Span64 {
  /// The unit of time that metrics are told in.
  var inSeconds: Double { Double(nanoseconds) / 1_000_000_000 }
}
