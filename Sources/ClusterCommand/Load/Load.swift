import Cluster
import ClusterCore

/// Puts and deletes at a steady rate.
struct Load: Sendable {
  var rate: Int
  var keys: Int
  var valueBytes: Int
  var deletes: Int

  /// How often it writes: each time what is due.
  private static let period = Duration.milliseconds(5)

  /// Writes until its task is cancelled; how many writes were made, and how many refused.
  func run(on cluster: Cluster) async -> (written: Int, refused: Int) {
    var (written, refused) = (0, 0)
    var random = Randomness(seed: Clock.now().instant.nanoseconds)
    let value = Array(repeating: UInt8(ascii: "x"), count: valueBytes)
    var last = ContinuousClock.now
    var due = 0.0
    while !Task.isCancelled {
      try? await Task.sleep(for: Self.period)
      let now = ContinuousClock.now
      // What a stall of the machine held up is not made up for beyond a tenth of a second.
      due += min((now - last) / .seconds(1), 0.1) * Double(rate)
      last = now
      while due >= 1 {
        due -= 1
        let key = "load/\(random.below(UInt64(keys)))"
        do throws(StoreError) {
          if random.chance(UInt64(deletes), in: 100) {
            try cluster.store.delete(key)
          } else {
            try cluster.store.put(key, value)
          }
          written += 1
        } catch {
          refused += 1
        }
      }
    }
    return (written, refused)
  }

  /// Puts one key after the other, each once enough members have the one before, and says who has it.
  func run(
    on cluster: Cluster, concern: WriteConcern, say: (String) -> Void
  ) async -> (written: Int, refused: Int) {
    var (written, refused) = (0, 0)
    let value = Array(repeating: UInt8(ascii: "x"), count: valueBytes)
    while !Task.isCancelled {
      try? await Task.sleep(for: .seconds(1) / rate)
      let key = "load/\((written + refused) % keys)"
      do {
        let receipt = try await cluster.store.put(
          key, value, concern: concern, timeout: .seconds(2))
        written += 1
        say(Self.words(key, receipt))
      } catch {
        refused += 1
        say("\(key) refused: \(error)")
      }
    }
    return (written, refused)
  }

  private static func words(_ key: String, _ receipt: WriteReceipt) -> String {
    func names(_ members: [Member]) -> String { members.map(\.name).joined(separator: ",") }
    return "\(key) \(receipt.isReached ? "reached" : "not reached"): required \(receipt.required),"
      + " held by \(names(receipt.holders)), not by \(names(receipt.missing))"
  }
}
