import Cluster
import Glibc
import Synchronization
import Threading

/// What can be asked of a measured member. Times are nanoseconds of the wall clock, which all members
/// of one machine share.
struct StoreBench: Sendable {
  let cluster: Cluster
  let ordinal: Int
  let size: Int
  let collector = Collector()

  func obey(_ verb: String, _ numbers: [UInt64]) -> [(String, Double)] {
    func number(_ index: Int) -> Int { index < numbers.count ? Int(numbers[index]) : 0 }
    switch verb {
    case "started": return []
    case "ready": return ready(members: numbers.isEmpty ? size : number(0))
    case "fill": return fill(from: number(0), count: number(1))
    case "read": return rates(number(0), threads: number(1), reads: true)
    case "write": return rates(number(0), threads: number(1), reads: false)
    case "load": return load(count: number(0), rate: number(1))
    case "collect":
      collector.start(cluster, expecting: number(0))
      return []
    case "collected": return collector.result()
    case "watch": return watch(number(0))
    case "await": return awaitState(count: number(0), digest: numbers.count > 1 ? numbers[1] : 0)
    // No count: with a resolver of the embedder's it asks that about every conflict.
    case "state": return [("digest", Double(cluster.store.digest >> 12))]
    case "memory": return [("bytes", Double(resident())), ("count", Double(cluster.store.count))]
    case "sent": return [("bytes", sentBytes())]
    default: return [("unknown", 1)]
    }
  }

  private func ready(members: Int) -> [(String, Double)] {
    let start = Workload.nanoseconds()
    _ = Workload.names.count
    while cluster.members.count(where: { $0.state == .alive }) < members { pause(milliseconds: 1) }
    let isReady = Atomic<Bool>(false)
    let box = Box(isReady)
    Task {
      try? await cluster.ready()
      box.value.store(true, ordering: .releasing)
    }
    while !box.value.load(ordering: .acquiring) { pause(milliseconds: 1) }
    return [("seconds", seconds(since: start))]
  }

  private func fill(from first: Int, count: Int) -> [(String, Double)] {
    let start = Workload.nanoseconds()
    for index in first..<first + count {
      put(Workload.names[index % Workload.keys], Workload.value(start &+ UInt64(index)))
    }
    return [("seconds", seconds(since: start))]
  }

  /// Reads or writes keys at random with some threads; the median of five rounds.
  private func rates(_ count: Int, threads: Int, reads: Bool) -> [(String, Double)] {
    var (rounds, spent) = ([Double](), [Double]())
    let value = Workload.value(7)
    for round in 0..<5 {
      let lists = (0..<threads).map {
        Workload.draw(count / threads, seed: UInt64(round * 64 + $0 + ordinal * 1_000))
      }
      let (begin, left) = (Box(Atomic<Bool>(false)), Box(Atomic<Int>(threads)))
      for list in lists {
        Thread {
          while !begin.value.load(ordering: .acquiring) { sched_yield() }
          if reads { read(list) } else { for key in list { put(key, value) } }
          left.value.subtract(1, ordering: .acquiringAndReleasing)
        }.start()
      }
      pause(milliseconds: 20)
      let (start, before) = (Workload.nanoseconds(), Workload.processorNanoseconds())
      begin.value.store(true, ordering: .releasing)
      while left.value.load(ordering: .acquiring) > 0 { pause(milliseconds: 1) }
      rounds.append(Double(count / threads * threads) / seconds(since: start))
      spent.append(Double(Workload.processorNanoseconds() - before) / Double(count))
    }
    rounds.sort()
    spent.sort()
    return [("rate", rounds[2]), ("least", rounds[0]), ("most", rounds[4]), ("spent", spent[2])]
  }

  private func read(_ keys: [String]) {
    var bytes = 0
    for key in keys { bytes &+= cluster.store[key]?.count ?? 0 }
    precondition(bytes > 0, "the keys are there")
  }

  /// Writes so many stamped values, `rate` a second (0: as fast as it goes), each key once in turn.
  private func load(count: Int, rate: Int) -> [(String, Double)] {
    let padding = Workload.value(9)
    let (begun, start) = (Workload.wallNanoseconds(), Workload.nanoseconds())
    var written = 0
    while written < count {
      var due = count
      if rate > 0 {
        due = min(count, Int(seconds(since: start) * Double(rate)) + 1)
      }
      while written < due {
        let index = (written * 7_919 + ordinal * 33_333) % Workload.keys
        put(Workload.names[index], Workload.stamped(padding))
        written += 1
      }
      if rate > 0, written < count { pause(milliseconds: 1) }
    }
    return [("begun", Double(begun)), ("rate", Double(count) / seconds(since: start))]
  }

  /// Waits until the store has so many keys and, if one is given, such a digest.
  private func awaitState(count: Int, digest: UInt64) -> [(String, Double)] {
    let start = Workload.nanoseconds()
    while seconds(since: start) < 60 {
      let isCounted = count == 0 || cluster.store.count == count
      if isCounted, digest == 0 || cluster.store.digest >> 12 == digest {
        return [("at", Double(Workload.wallNanoseconds()))]
      }
      pause(milliseconds: 1)
    }
    return [("timeout", 1)]
  }

  /// So many subscriptions, each of a prefix of its own and with a task that waits for it.
  private func watch(_ count: Int) -> [(String, Double)] {
    let before = resident()
    for index in 0..<count {
      let changes = cluster.store.changes(prefix: Workload.names[index % Workload.keys])
      Task { for await _ in changes {} }
    }
    pause(milliseconds: 500)
    return [("bytes", Double(resident() - before) / Double(max(count, 1)))]
  }

  private func put(_ key: String, _ value: [UInt8]) {
    do { try cluster.store.put(key, value) } catch { fatalError("\(error)") }
  }

  private func sentBytes() -> Double {
    cluster.metrics.snapshot().filter { $0.name.hasPrefix("cluster_sent_bytes") }
      .flatMap(\.samples).reduce(0) { $0 + $1.value }
  }

  private func resident() -> Int {
    guard let file = fopen("/proc/self/statm", "r") else { return 0 }
    defer { fclose(file) }
    var words = [CChar](repeating: 0, count: 128)
    fgets(&words, 128, file)
    let text = words.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    let pages = String(decoding: text, as: UTF8.self).split(separator: " ").dropFirst().first
    return (pages.flatMap { Int($0) } ?? 0) * 4_096
  }

  private func pause(milliseconds: Int32) { poll(nil, 0, milliseconds) }

  private func seconds(since start: UInt64) -> Double {
    Double(Workload.nanoseconds() - start) / 1_000_000_000
  }
}

/// A value without copies, shared between threads.
final class Box<Value: ~Copyable & Sendable>: Sendable {
  let value: Value
  init(_ value: consuming Value) { self.value = value }
}
