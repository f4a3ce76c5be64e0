import ClusterCore

/// Asks a resolver and compares its answers with what the laws want.
struct CheckingDesk {
  let resolver: ConflictResolver
  let key: String
  /// The first example of each broken law.
  private(set) var broken: [BrokenLaw] = []
  /// How many conflicts were put before the resolver.
  private(set) var conflicts = 0
  private var known: [(conflict: Conflict, answer: Answer)] = []
  /// For pairs and for triples, by the place in the order of stamps: whether the candidate there ever
  /// had a say, and the first conflict in which it had none.
  private var says: [Say] = []

  /// What came of the candidates at one place.
  private struct Say {
    var count: Int
    var place: Int
    var was = false
    var example: (conflict: Conflict, answers: [String])?
  }

  /// What a resolver made of a conflict.
  private enum Answer: Equatable {
    case value([UInt8]?)
    case thrown(String)

    var text: String {
      switch self {
      case .value(let value): value == nil ? "nothing is read" : "read \(BrokenLaw.text(value))"
      case .thrown(let error): "it threw \(error)"
      }
    }
  }

  init(resolver: ConflictResolver, key: String) {
    self.resolver = resolver
    self.key = key
  }

  /// All laws of two candidates. `others` are what might have been written in a candidate's place.
  mutating func check(_ values: [[UInt8]?], against others: [[UInt8]?]) {
    let conflict = conflict(values)
    let answer = first(conflict)
    checkKept(conflict)
    checkSay(values, conflict, answer, against: others)
    guard case .value(let read) = answer else { return }
    if values[0] == values[1], read != values[0] {
      note(.idempotent, conflict, [answer.text])
    }
    if values[0] != values[1] {
      let swapped = self.answer(self.conflict(values.reversed()))
      if swapped != answer {
        note(.commutative, conflict, [answer.text, "the other way round \(swapped.text)"])
      }
    }
    checkWrittenBack(conflict, read, values)
  }

  /// Three candidates at once against two and then the third.
  mutating func checkTriple(_ values: [[UInt8]?], against others: [[UInt8]?]) {
    let conflict = conflict(values)
    let answer = first(conflict)
    checkSay(values, conflict, answer, against: others)
    guard case .value(let two) = self.answer(self.conflict(Array(values[0..<2]))) else { return }
    let step = self.answer(self.conflict([two, values[2]]))
    if step != answer {
      note(.associative, conflict, [answer.text, "step by step \(step.text)"])
    }
  }

  /// Where a candidate at some place never had a say, whatever it was, its value is lost.
  mutating func checkSays() {
    for say in says where !say.was {
      if let example = say.example { note(.keepsValues, example.conflict, example.answers) }
    }
  }

  /// Everything once more, last first: a resolver must not remember what it was asked.
  mutating func checkMemory() {
    for (conflict, answer) in known.reversed() {
      let again = self.answer(conflict)
      if again != answer { note(.deterministic, conflict, [answer.text, "later \(again.text)"]) }
    }
  }

  /// The first answer to a conflict, which must be the second one, too.
  private mutating func first(_ conflict: Conflict) -> Answer {
    let answer = answer(conflict)
    let again = self.answer(conflict)
    if again != answer {
      note(.deterministic, conflict, [answer.text, "at once again \(again.text)"])
    }
    if case .thrown = answer { note(.total, conflict, [answer.text]) }
    known.append((conflict, answer))
    return answer
  }

  private mutating func checkKept(_ conflict: Conflict) {
    guard case .keep(let candidate)? = try? resolver.resolve(conflict) else { return }
    guard !conflict.candidates.contains(candidate) else { return }
    note(.genuine, conflict, ["kept \(BrokenLaw.text(candidate.value))"])
  }

  private mutating func checkSay(
    _ values: [[UInt8]?], _ conflict: Conflict, _ answer: Answer, against others: [[UInt8]?]
  ) {
    for place in values.indices {
      let index = self.index(count: values.count, place: place)
      guard !says[index].was else { continue }
      says[index].was = others.contains { other in
        var changed = values
        changed[place] = other
        return self.answer(self.conflict(changed)) != answer
      }
      let isAlike = values.indices.contains { $0 != place && values[$0] == values[place] }
      guard !says[index].was, says[index].example == nil, !isAlike else { continue }
      let lost = "\(BrokenLaw.text(values[place])) has no say, and nothing in its place had in any"
      says[index].example = (conflict, [answer.text, lost])
    }
  }

  private mutating func index(count: Int, place: Int) -> Int {
    if let index = says.firstIndex(where: { $0.count == count && $0.place == place }) {
      return index
    }
    says.append(Say(count: count, place: place))
    return says.count - 1
  }

  /// Somebody writes what was read, and it meets a candidate again.
  private mutating func checkWrittenBack(
    _ conflict: Conflict, _ read: [UInt8]?, _ values: [[UInt8]?]
  ) {
    for value in values {
      var now = read
      var lengths = [now?.count ?? 0]
      for round in 0..<4 {
        guard case .value(let next) = answer(self.conflict([value, now])) else { return }
        if round == 0, next != read {
          let what = "with \(BrokenLaw.text(value)) again \(Answer.value(next).text)"
          note(.absorbing, conflict, [Answer.value(read).text, what])
        }
        now = next
        lengths.append(now?.count ?? 0)
      }
      if zip(lengths, lengths.dropFirst()).allSatisfy({ $0 < $1 }) {
        let sizes = lengths.map(String.init).joined(separator: ", ")
        note(.bounded, conflict, ["\(sizes) bytes, and so on"])
      }
    }
  }

  private mutating func answer(_ conflict: Conflict) -> Answer {
    conflicts += 1
    do {
      switch try resolver.resolve(conflict) {
      case .keep(let candidate): return .value(candidate.value)
      case .value(let bytes): return .value(bytes)
      case .delete: return .value(nil)
      }
    } catch {
      return .thrown("\(error)")
    }
  }

  private mutating func note(_ law: ResolverLaw, _ conflict: Conflict, _ answers: [String]) {
    guard !broken.contains(where: { $0.law == law }) else { return }
    broken.append(BrokenLaw(law: law, conflict: conflict, answers: answers))
  }

  /// A conflict of writes in this order of their stamps, each by another member.
  private func conflict(_ values: [[UInt8]?]) -> Conflict {
    Conflict(
      key: key,
      candidates: values.enumerated().map { index, value in
        Candidate(
          value: value, stamp: Stamp(time: UInt64(index + 1) << 16, ordinal: index),
          origin: Origin(ordinal: index, boot: 1))
      })
  }
}
