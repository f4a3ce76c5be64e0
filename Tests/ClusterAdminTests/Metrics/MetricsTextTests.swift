import Cluster
import ClusterAdmin
import ClusterCore
import Testing

@Suite struct MetricsTextTests {
  /// Reads the text as Prometheus would, and checks what Prometheus would drop a scrape for.
  static func series(in text: String) throws -> [String: String] {
    var series: [String: String] = [:]
    var types: [String: String] = [:]
    var current = ""
    guard text.hasSuffix("\n") else { throw Malformed("no line end") }
    for line in text.dropLast().split(separator: "\n", omittingEmptySubsequences: false) {
      let words = line.split(separator: " ", maxSplits: 3).map(String.init)
      if line.hasPrefix("# TYPE ") {
        guard types.updateValue(words[3], forKey: words[2]) == nil else {
          throw Malformed("second type of \(words[2])")
        }
        current = words[2]
      } else if !line.hasPrefix("# HELP ") {
        guard let end = line.lastIndex(of: " "), Double(line[end...].dropFirst()) != nil,
          line.hasPrefix(current), let type = types[current]
        else { throw Malformed("line \(line)") }
        guard (type == "counter") == current.hasSuffix("_total") else { throw Malformed("name") }
        let name = String(line[..<end])
        guard series.updateValue(String(line[end...].dropFirst()), forKey: name) == nil else {
          throw Malformed("second \(name)")
        }
      }
    }
    return series
  }

  @Test func `the original's eleven metrics are there by their names`() throws {
    var conversation = Conversation()
    conversation.cluster.change { $0.states = [.alive, .suspect, .dead] }
    _ = try conversation.ask("PUT /keys/k")
    let reply = try conversation.ask("GET /metrics")
    #expect(reply["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
    let series = try Self.series(in: reply.text)
    #expect(series["cluster_expected_size"] == "3")
    #expect(series["cluster_size"] == "2")
    #expect(series["cluster_green"] == "0")
    #expect(series["cluster_leader"] == "1")
    #expect(series["cluster_store_ready"] == "1")
    #expect(series["cluster_store_size"] == "1")
    #expect(series["cluster_store_subscriptions"] == "0")
    for name in [
      "cluster_leader_elections", "cluster_store_partitions", "cluster_store_connections",
      "cluster_store_disconnections",
    ] {
      #expect(series[name] == "0")
      #expect(series[name + "_total"] == "0")
      #expect(reply.text.contains("# TYPE \(name) untyped\n"))
      #expect(reply.text.contains("# TYPE \(name)_total counter\n"))
    }
    #expect(series["cluster_members{state=\"suspect\"}"] == "1")
    #expect(series["cluster_members{state=\"unknown\"}"] == "0")
  }

  @Test func `requests are counted by route and status`() throws {
    var conversation = Conversation()
    for line in ["GET /keys/a", "GET /keys/b", "PUT /keys/a", "GET /nowhere/a", "PATCH /keys/c"] {
      _ = try conversation.ask(line)
    }
    let series = try Self.series(in: try conversation.ask("GET /metrics").text)
    let name = "cluster_http_requests_total"
    #expect(series["\(name){route=\"/keys/{key}\",code=\"404\"}"] == "2")
    #expect(series["\(name){route=\"/keys/{key}\",code=\"200\"}"] == "1")
    #expect(series["\(name){route=\"/keys/{key}\",code=\"405\"}"] == "1")
    #expect(series["\(name){route=\"none\",code=\"404\"}"] == "1")
  }

  @Test func `the cluster's further metrics are added, and never twice`() throws {
    var conversation = Conversation()
    conversation.cluster.change {
      $0.extraMetrics = [
        MetricFamily("cluster_size", .gauge, "Again.", 7),
        MetricFamily("cluster_conflicts_total", .counter, "Conflicts.", 4),
        MetricFamily("cluster_conflicts_total", .counter, "Conflicts.", 5),
      ]
    }
    let series = try Self.series(in: try conversation.ask("GET /metrics").text)
    #expect(series["cluster_size"] == "3")
    #expect(series["cluster_conflicts_total"] == "4")
  }

  @Test func `a histogram is cumulative and ends with everything`() {
    let family = MetricFamily(
      histogram: "rtt_seconds", "Round trips.", labels: [("peer", "a\"b\\c\nd")],
      buckets: [(0.001, 2), (0.5, 3)], sum: 1.25, count: 6)
    #expect(
      String(decoding: MetricsText.encoded([family]), as: UTF8.self) == #"""
        # HELP rtt_seconds Round trips.
        # TYPE rtt_seconds histogram
        rtt_seconds_bucket{peer="a\"b\\c\nd",le="0.001"} 2
        rtt_seconds_bucket{peer="a\"b\\c\nd",le="0.5"} 5
        rtt_seconds_bucket{peer="a\"b\\c\nd",le="+Inf"} 6
        rtt_seconds_sum{peer="a\"b\\c\nd"} 1.25
        rtt_seconds_count{peer="a\"b\\c\nd"} 6

        """#)
  }

  @Test func `an invalid metric is left out and the others stay`() {
    let bad = [
      MetricFamily("1a", .gauge, "", 1), MetricFamily("", .gauge, "", 1),
      MetricFamily("a-b", .gauge, "", 1), MetricFamily("a\nb", .gauge, "", 1),
      MetricFamily("events", .counter, "", 1), MetricFamily("events_total", .gauge, "", 1),
      MetricFamily("a", .gauge, "", [MetricSample([("a-b", "")], 1)]),
      MetricFamily("a", .gauge, "", [MetricSample([("__a", "")], 1)]),
      MetricFamily("a", .gauge, "", [MetricSample([("a", ""), ("a", "")], 1)]),
      MetricFamily("a", .gauge, "", [MetricSample([], 1), MetricSample([], 2)]),
      MetricFamily(
        "a", .gauge, "",
        [MetricSample([("x", "1"), ("y", "2")], 1), MetricSample([("y", "2"), ("x", "1")], 1)]),
      MetricFamily("a", .gauge, "", [MetricSample([], 1, suffix: "_sum")]),
    ]
    var text = MetricsText()
    for family in bad { text.append(family) }
    text.append(MetricFamily("a", .gauge, "Two\nlines \\.", -0.5))
    #expect(text.refused == bad.map(\.name))
    #expect(
      String(decoding: text.bytes, as: UTF8.self)
        == "# HELP a Two\\nlines \\\\.\n# TYPE a gauge\na -0.5\n")
  }
}
