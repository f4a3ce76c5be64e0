import Foundation
import Testing

@testable import Cluster
@testable import ClusterCore

/// Bytes that nobody sealed, given to a gate. A trap here would be a remote crash, and anything let in
/// a forgery.
///
/// `SEALED_FUZZ_INPUTS` says how many; the whole check takes more than a quick run.
@Suite struct SealedWireFuzzTests {
  static let inputs =
    ProcessInfo.processInfo.environment["SEALED_FUZZ_INPUTS"].flatMap(Int.init) ?? 20_000

  @Test func `no damaged datagram or frame is let in, and memory stays where it was`() throws {
    let sender = try ProtectedMember(1, keys: [0, 1])
    let receiver = try ProtectedMember(2, keys: [1, 0])
    var samples: [[UInt8]] = []
    for size in [0, 1, 60, 300, 900] {
      let content = sender.packet(to: 2) + [UInt8](repeating: 3, count: size)
      samples.append(try sender.datagram(to: 2, content))
      samples.append(try #require(sender.gate.sealed(frame: content)))
      samples.append(content)
    }
    var randomness = Randomness(seed: 11)
    var letIn = 0
    for step in 0..<Self.inputs {
      let bytes = Self.changed(samples[step % samples.count], &randomness)
      guard !samples.contains(bytes) else { continue }
      let purpose = randomness.next() & 1 == 0 ? PacketKey.Purpose.datagrams : .frames
      if receiver.open(bytes, as: purpose) != nil { letIn += 1 }
    }
    #expect(letIn == 0)
    #expect(receiver.meter.snapshot.reduce(0, +) >= UInt64(Self.inputs) * 9 / 10)
    #expect(receiver.open(samples[0]) != nil, "and what is whole still is")
  }

  /// Flips, cuts, grows, splices, or takes something else altogether; half of the time only what stands
  /// in the open is touched.
  private static func changed(_ sample: [UInt8], _ randomness: inout Randomness) -> [UInt8] {
    var bytes = sample
    for _ in 0...randomness.next() % 3 {
      let reach = randomness.next() & 1 == 0 ? min(SealedHeader.size, bytes.count) : bytes.count
      guard reach > 0 else { return bytes }
      let place = Int(randomness.next() % UInt64(reach))
      switch randomness.next() % 8 {
      case 0, 1, 2: bytes[place] ^= 1 << UInt8(randomness.next() % 8)
      case 3: bytes[place] = UInt8(truncatingIfNeeded: randomness.next())
      case 4: bytes.removeSubrange(place...)
      case 5: bytes.insert(UInt8(truncatingIfNeeded: randomness.next()), at: place)
      case 6: for index in place..<min(place + 8, bytes.count) { bytes[index] = 0xFF }
      default: for index in place..<min(place + 8, bytes.count) { bytes[index] = 0 }
      }
    }
    return bytes
  }
}
