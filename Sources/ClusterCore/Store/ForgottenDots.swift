/// What a first write of a key says that it has seen: the deletes that were forgotten here.
///
/// Members don't forget a delete at the same moment. One that has forgotten writes the key anew while
/// another still remembers; with an empty context the new write would look concurrent with the delete
/// that it came after, and stay beside it there for ever, but nowhere else: members would read
/// different things. So the new register's context names, per actor, the largest dot that was
/// forgotten. That is sound for every key: a dot is forgotten only when all dots of its actor up to it
/// are known here, and what is known and not held was overwritten or forgotten.
///
/// Whoever receives that context takes its dots for known. So only dots that were forgotten may be
/// named, never a mere bound below which all is known: the bound's own dot may be a live value, and a
/// member that has just started would refuse it ever after.
///
/// A member that has just started has forgotten nothing, and gets them with each claim.
///
/// The actors that were forgotten last are kept; contexts go again when stable.
package struct ForgottenDots: Hashable, Sendable {
  /// The most actors that are kept.
  package static let most = 16
  /// The most bytes that they take on the wire.
  package static let encodedSize = 1 + most * (2 + 8 + 10)

  /// At most one dot per actor, the one that was forgotten last at the end.
  package private(set) var dots: [Dot] = []

  package init() {}

  /// Notes that a dot was forgotten.
  package mutating func raise(to dot: Dot) {
    var raised = dot
    if let index = dots.firstIndex(where: { $0.actor == dot.actor }) {
      raised.sequence = max(dot.sequence, dots[index].sequence)
      dots.remove(at: index)
    }
    dots.append(raised)
    if dots.count > Self.most { dots.removeFirst() }
  }

  func encode(into writer: inout ByteWriter) {
    writer.writeVarint(dots.count)
    for dot in dots {
      writer.writeVarint(dot.actor.ordinal)
      writer.write(dot.actor.boot)
      writer.writeVarint(dot.sequence)
    }
  }

  static func decode(from reader: inout ByteReader) throws(DecodingFailure) -> ForgottenDots {
    var forgotten = ForgottenDots()
    let count = try reader.readCount(itemSize: 10)
    guard count <= most else { throw .outOfRange }
    for _ in 0..<count {
      let ordinal = try reader.readVarint()
      guard ordinal < UInt64(Limits.members) else { throw .outOfRange }
      let actor = Actor(ordinal: Int(ordinal), boot: try reader.readUInt64())
      let sequence = try reader.readVarint()
      guard sequence > 0, sequence <= StoreClock.largestSequence else { throw .outOfRange }
      forgotten.raise(to: Dot(actor: actor, sequence: sequence))
    }
    return forgotten
  }

  /// The context of a register that an actor begins.
  package func context(of actor: Actor) -> [Dot] { dots.filter { $0.actor != actor } }
}
