import ClusterCore

/// What protection costs on this machine: measured through the same gates as a member's packets, with
/// headers, windows and copies.
package struct PacketCost: Hashable, Sendable {
  /// The packet's size before it is sealed, in bytes.
  package var size: Int
  /// The time that sealing takes: the median of some rounds.
  package var sealing: Duration
  /// The time that opening takes, likewise.
  package var opening: Duration
  /// The time to drop a packet that was sealed with a key that isn't held.
  package var refusing: Duration

  /// Measures, for about a second.
  ///
  /// - Parameter size: At least `Header.smallest`, at most what fits a datagram when it is sealed.
  package static func measured(size: Int) throws(KeyFile.Unusable) -> PacketCost {
    let (one, two) = (try gate(0, key: "measured"), try gate(1, key: "measured"))
    let stranger = try gate(0, key: "a stranger's")
    var packet = [UInt8](repeating: 7, count: size)
    (packet[14], packet[15]) = (0, 1)
    let slot = Limits.datagram
    let batch = Array(repeating: [UInt8](repeating: 0, count: slot), count: 64).flatMap { $0 }
    var rounds: [(sealing: Span64, opening: Span64, refusing: Span64)] = []
    for _ in 0..<15 {
      var arena = batch
      var round = (sealing: Span64.zero, opening: Span64.zero, refusing: Span64.zero)
      for gate in [stranger, one] {
        for _ in 0..<100 {
          let start = Clock.instant()
          var count = 0
          for index in 0..<64 {
            count = gate.seal(packet, into: &arena, at: index * slot, as: .datagrams) ?? 0
          }
          let sealed = Clock.instant()
          for index in 0..<64 {
            let range = index * slot..<index * slot + count
            _ = two.open(&arena, range, as: .datagrams, from: nil)
          }
          let opened = Clock.instant().since(sealed)
          if gate === one {
            round.sealing = round.sealing + sealed.since(start)
            round.opening = round.opening + opened
          } else {
            round.refusing = round.refusing + opened
          }
        }
      }
      rounds.append(round)
    }
    return PacketCost(
      size: size, sealing: median(rounds.map(\.sealing)), opening: median(rounds.map(\.opening)),
      refusing: median(rounds.map(\.refusing)))
  }

  /// The middle one of some rounds of 6,400 packets, for one packet.
  private static func median(_ rounds: [Span64]) -> Duration {
    .nanoseconds(Int64(rounds.sorted()[rounds.count / 2].nanoseconds / 6_400))
  }

  private static func gate(_ ordinal: Int, key: String) throws(KeyFile.Unusable) -> PacketGate {
    let library: CryptoLibrary
    do throws(CryptoLibrary.Missing) {
      library = try CryptoLibrary.shared()
    } catch {
      throw KeyFile.Unusable(description: error.description)
    }
    do throws(KeyList.Malformed) {
      let list = try KeyList(variable: key + " for nothing else", library)
      let keyring = Keyring(list, cluster: 1, ordinal: ordinal, size: 2, library)
      return PacketGate(keyring, session: 1, RejectionMeter())
    } catch {
      throw KeyFile.Unusable(description: error.problem)
    }
  }
}
