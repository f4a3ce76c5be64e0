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
/// Two boots of each ordinal are kept, which bounds it; contexts go again when stable.
package struct ForgottenDots: Hashable, Sendable {
  /// At most one dot per actor, in order.
  package private(set) var dots: [Dot] = []

  /// Notes that a dot was forgotten.
  package mutating func raise(to dot: Dot) {
    let index = dots.partitioningIndex { $0.actor >= dot.actor }
    if index < dots.count, dots[index].actor == dot.actor {
      dots[index].sequence = max(dots[index].sequence, dot.sequence)
      return
    }
    dots.insert(dot, at: index)
    let boots = dots.indices.filter { dots[$0].actor.ordinal == dot.actor.ordinal }
    if boots.count > 2 { dots.remove(at: boots[0]) }
  }

  /// The context of a register that an actor begins.
  package func context(of actor: Actor) -> [Dot] { dots.filter { $0.actor != actor } }
}
