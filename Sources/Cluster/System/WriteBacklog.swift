import ClusterCore

/// Datagrams with writes that wait their turn, so that nothing waits behind them which keeps the
/// membership together.
///
/// Writes that come faster than they can be merged fill any queue. In one queue with them the answer
/// to a probe would be as late as they are, and members be taken for dead that are only busy. So the
/// sockets are always read to their end, each turn of the loop takes a bounded number of writes, and
/// what there is no room for is lost as the system would lose it: it is asked for again.
struct WriteBacklog {
  /// How many a turn takes: about four milliseconds of work.
  static let perTurn = 128
  /// What may wait, with what an array takes beside its bytes.
  static let mostBytes = 4 << 20
  private static let overhead = 64

  private var waiting: [Input] = []
  private var head = 0
  private var bytes = 0
  private var room = Self.perTurn

  var isEmpty: Bool { head == waiting.count }

  /// Begins a turn: what has waited longest goes first.
  mutating func beginTurn(into inputs: inout [Input]) {
    let end = min(waiting.count, head + Self.perTurn)
    room = Self.perTurn - (end - head)
    for input in waiting[head..<end] { bytes -= Self.size(input) }
    inputs += waiting[head..<end]
    head = end
    if head * 2 >= waiting.count {
      waiting.removeFirst(head)
      head = 0
    }
  }

  /// Takes a datagram in at once, as long as none waits and this turn has room, or has it wait.
  ///
  /// - Returns: Whether it was taken.
  mutating func take(_ input: Input, into inputs: inout [Input]) -> Bool {
    if isEmpty, room > 0 {
      room -= 1
      inputs.append(input)
      return true
    }
    let size = Self.size(input)
    guard bytes + size <= Self.mostBytes else { return false }
    bytes += size
    waiting.append(input)
    return true
  }

  private static func size(_ input: Input) -> Int {
    guard case .datagramReceived(let bytes, _) = input else { return overhead }
    return bytes.count + overhead
  }
}
