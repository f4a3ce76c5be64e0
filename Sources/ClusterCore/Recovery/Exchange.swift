/// A full exchange with one other member: the only case in which absence counts.
///
/// A member that was away for longer than deletes are remembered for may hold what the others have
/// deleted and forgotten, and the others what it has deleted and forgotten. So each gives the other
/// everything that it holds, and all that it knows. A dot that the other's clock knows and that it
/// doesn't hold was overwritten or deleted there: it is dropped. What the other doesn't know is kept.
package struct Exchange: Hashable, Sendable {
  /// Why one member asks another for everything that it holds.
  package enum Cause: UInt8, Hashable, Sendable {
    /// One of them was away for too long, or has come back with less than it had known.
    case away = 0
    /// The other one had asked for that reason.
    case reply
    /// Both know the same and hold something else: a defect. Nothing is dropped to mend it: what one
    /// of them holds is taken back by the other.
    case divergence
  }

  /// Whether everything that the other holds has to be seen.
  package var isWanted = false
  /// Whether it is to mend a divergence.
  package var isRepair = false
  /// The number of this member's question; zero before the first.
  package var mark: UInt64 = 0
  /// The number of the other's question that made this member want an exchange, too.
  package var heard: UInt64 = 0
  package var nextAt = Instant(nanoseconds: 0)
  /// How often in a row the other knew the same writes and held other values.
  package var mismatches = 0
  package var progress: Progress?

  package init() {}

  /// What has come so far.
  package struct Progress: Hashable, Sendable {
    /// What the other knew when it began to tell.
    package var clock: StoreClock
    package var forgotten: ForgottenDots
    /// Which slots the other has told of.
    package var told: [Bool] = []
    /// Whether nothing that came had to be left out.
    package var isWhole = true

    package init(clock: StoreClock, forgotten: ForgottenDots) {
      self.clock = clock
      self.forgotten = forgotten
    }

    package mutating func note(_ slot: RegisterTable.Slot) {
      let index = Int(slot)
      if index >= told.count {
        told += Array(repeating: false, count: index + 1 - told.count)
      }
      told[index] = true
    }

    package mutating func clear(_ slot: RegisterTable.Slot) {
      if Int(slot) < told.count { told[Int(slot)] = false }
    }

    package func wasTold(_ slot: RegisterTable.Slot) -> Bool {
      Int(slot) < told.count && told[Int(slot)]
    }
  }

  /// One frame of all that a member holds: the first one carries what it knows.
  package struct Part: Hashable, Sendable {
    /// The number of the question that is answered.
    package var mark: UInt64
    package var isLast: Bool
    /// What is told: with a claim in the first part, which holds once the last one has come.
    package var delta: Delta

    package init(mark: UInt64, isLast: Bool, delta: Delta) {
      self.mark = mark
      self.isLast = isLast
      self.delta = delta
    }

    func encode(into writer: inout ByteWriter) {
      writer.write(mark)
      writer.write(UInt8(isLast ? 1 : 0))
      delta.encode(into: &writer)
    }

    static func decode(from reader: inout ByteReader) throws(DecodingFailure) -> Part {
      let (mark, flag) = (try reader.readUInt64(), try reader.readByte())
      guard flag <= 1 else { throw .outOfRange }
      return Part(mark: mark, isLast: flag == 1, delta: try Delta.decode(from: &reader))
    }
  }
}
