import ClusterCore

/// Datagrams between members.
extension World {
  /// The address of a host after `number` moves.
  static func address(machine: Int, number: Int) -> Address {
    let low = 10 << 24 | UInt64(machine) << 10 | UInt64(number & 0x3FF)
    return Address(family: .v4, high: 0, low: low, port: 7946)
  }

  /// The host that has an address now; none when nobody has it.
  func machine(at address: Address) -> Int? {
    guard address.family == .v4, address.port == 7946, address.low >> 24 == 10 else { return nil }
    let index = Int((address.low & 0xFF_FFFF) >> 10)
    guard machines.indices.contains(index), machines[index].address == address else { return nil }
    return index
  }

  /// Sends a datagram. Who has the address is asked when it arrives.
  mutating func send(_ bytes: [UInt8], to destination: Address, from index: Int) {
    statistics.datagrams += 1
    statistics.bytes += UInt64(bytes.count)
    guard bytes.count <= Limits.datagram else {
      fail(.wire, "a datagram of \(bytes.count) bytes", node: index)
      return
    }
    let bytes = machines[index].speaksLater ? Packet.withLaterSection(bytes) : bytes
    let source = machines[index].address
    let target = Int((destination.low & 0xFF_FFFF) >> 10)
    guard destination.low >> 24 == 10, machines.indices.contains(target) else { return }
    let fate = network.fate(from: index, to: target, size: bytes.count, at: now)
    let cause = trace == nil ? 0 : begin(.sent, index, "to=\(target) \(TraceWords.packet(bytes))")
    defer { queue.cause = cause }
    guard let arrival = fate.arrival else {
      if trace != nil {
        note(.lost, index, "to=\(target) \(network.reaches(index, target) ? "loss" : "cut")")
      }
      return
    }
    var arriving = bytes
    if let flips = fate.flips {
      for flip in flips { arriving[flip / 8] ^= 1 << UInt8(flip % 8) }
    }
    queue.push(
      .datagram(arriving, source: source, destination: destination, from: index), at: arrival)
    if let copy = fate.copy {
      queue.push(.datagram(bytes, source: source, destination: destination, from: index), at: copy)
    }
  }

  /// A datagram reaches its destination, unless the way was cut meanwhile or nobody is there.
  mutating func arrive(_ bytes: consuming [UInt8], source: Address, destination: Address, from: Int)
  {
    guard let index = machine(at: destination), network.reaches(from, index) else {
      let target = Int((destination.low & 0xFF_FFFF) >> 10)
      if trace != nil {
        note(.lost, from, "to=\(target) \(network.reaches(from, target) ? "nobody there" : "cut")")
      }
      return
    }
    if network.isClogged(from, index) {
      guard held.count < Self.mostHeld else { return }
      held.append(
        (from, index, .datagram(bytes, source: source, destination: destination, from: from)))
      return
    }
    deliver(datagram: bytes, source: source, to: index)
  }
}
