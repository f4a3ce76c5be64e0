import ClusterCore
import Synchronization

/// Counts packets by what they are for: the kind of their first section.
///
/// One lock is taken for each turn of the loop, not for each packet.
final class PacketCensus: Sendable {
  /// A packet without sections: its header alone says something.
  static let bare = "bare"

  struct Counts: Sendable {
    var sent = [UInt64](repeating: 0, count: 256)
    var received = [UInt64](repeating: 0, count: 256)
  }

  private let counts = Mutex(Counts())

  /// Counts what comes in.
  func count(_ inputs: [Input]) {
    counts.withLock { counts in
      for input in inputs {
        switch input {
        case .datagramReceived(let bytes, _), .frameReceived(_, let bytes):
          counts.received[Self.kind(of: bytes)] += 1
        default: break
        }
      }
    }
  }

  /// Counts what goes out.
  func count(_ effects: [Effect]) {
    counts.withLock { counts in
      for effect in effects {
        switch effect {
        case .send(let bytes, _), .sendFrame(_, let bytes): counts.sent[Self.kind(of: bytes)] += 1
        default: break
        }
      }
    }
  }

  /// The counts as metrics, every kind that there is being a series from the beginning.
  var families: [MetricFamily] {
    let counts = counts.withLock { $0 }
    return [
      family("cluster_packets_sent_total", "Packets sent, by what they are for.", counts.sent),
      family(
        "cluster_packets_received_total", "Packets received, by what they are for.",
        counts.received),
    ]
  }

  private func family(_ name: String, _ help: String, _ counts: [UInt64]) -> MetricFamily {
    var samples = [MetricSample([("type", Self.bare)], Double(counts[0]))]
    var known = counts[0]
    for kind in Section.Kind.allCases {
      let count = counts[Int(kind.rawValue)]
      known += count
      samples.append(MetricSample([("type", Self.snakeCase("\(kind)"))], Double(count)))
    }
    // What later versions send, and what is none of ours.
    samples.append(
      MetricSample([("type", "other")], Double(counts.reduce(0, +) - known)))
    return MetricFamily(name, .counter, help, samples)
  }

  /// The first section's kind; zero, which is none, where there is no section.
  private static func kind(of packet: [UInt8]) -> Int {
    Int(Packet.firstKind(of: packet) ?? 0)
  }

  static func snakeCase(_ name: String) -> String {
    var result = ""
    for character in name {
      if character.isUppercase { result += "_" }
      result += character.lowercased()
    }
    return result
  }
}
