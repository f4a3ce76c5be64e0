/// What a member finds on its disk when it starts.
package struct Restoration: Sendable {
  /// What each key holds.
  package internal(set) var table: RegisterTable
  /// What the last whole commit knew; none when there is none.
  package internal(set) var clock: StoreClock?
  package internal(set) var forgotten = ForgottenDots()
  /// The boot that wrote it; zero for none.
  package internal(set) var boot: UInt64 = 0
  /// The newest life of the member that others had heard of, as far as is known: where something is
  /// missing they may have heard of all, and what they know counts as heard.
  package internal(set) var heardThrough: UInt64 = 0
  /// Where the journal goes on; none when it is to begin anew.
  package internal(set) var file: Journal.File?
  /// Bytes at the end that a crash left there half written; they are to be cut off.
  package internal(set) var tornBytes = 0
  /// What isn't whole before that end, or is wrong otherwise.
  package internal(set) var damage: [String] = []

  /// Whether all that it says is to be believed. Otherwise some of it may have been deleted or
  /// overwritten since, elsewhere too, and nobody remember it.
  package var isTrusted: Bool { damage.isEmpty }

  /// The number of keys, deleted ones that are remembered among them.
  package var count: Int { table.count }

  /// Nothing: the member has never been here, or kept nothing.
  package init(seed: UInt64) { table = RegisterTable(seed: seed) }

  /// All that a store held, as if its disk had never been behind.
  package init(of store: Store) {
    table = store.table
    clock = store.known
    forgotten = store.forgotten
    boot = store.actor.boot
    heardThrough = store.heardThrough
  }
}

extension Restoration {
  /// Why a file isn't taken, and is left as it is.
  package enum Refusal: Error, Hashable, Sendable, CustomStringConvertible {
    /// A later version of the format wrote it.
    case version(UInt16)
    /// It is another member's.
    case ordinal(Int, expected: Int)
    /// It is of a cluster of another name, namespace or Service.
    case cluster

    package var description: String {
      switch self {
      case .version(let version):
        "its format is version \(version), this program knows \(JournalFormat.version)"
      case .ordinal(let ordinal, let expected):
        "it is the member with ordinal \(ordinal)'s, this one's ordinal is \(expected)"
      case .cluster: "it is of a cluster of another name, namespace or Service"
      }
    }
  }

  /// Reads a journal. Whatever it holds, this ends with what can be had of it.
  ///
  /// - Parameters:
  ///   - size: The file's size in bytes.
  ///   - header: What the file's header has to say.
  ///   - seed: For the table.
  ///   - read: Gives a range of the file's bytes.
  /// - Returns: What was found, or why it is none of this member's.
  /// - Throws: What `read` throws.
  package static func read<Failure: Error>(
    size: Int, header expected: JournalFormat.Header, seed: UInt64,
    bytes read: (Range<Int>) throws(Failure) -> [UInt8]
  ) throws(Failure) -> Result<Restoration, Refusal> {
    var restoration = Restoration(seed: seed)
    guard size > 0 else { return .success(restoration) }
    if let header = JournalFormat.header(
      of: try read(0..<min(size, JournalFormat.headerSize)))
    {
      guard header.version <= JournalFormat.version else {
        return .failure(.version(header.version))
      }
      guard header.clusterID == expected.clusterID else { return .failure(.cluster) }
      guard header.ordinal == expected.ordinal else {
        return .failure(.ordinal(header.ordinal, expected: expected.ordinal))
      }
    } else {
      restoration.noteDamage("bytes 0 to \(min(size, JournalFormat.headerSize)): its header")
    }
    var scan = Scan(size: size, restoration: restoration)
    try scan.run(read)
    return .success(scan.finished())
  }

  /// Takes what a record says.
  mutating func apply(_ body: JournalBody) {
    for key in body.removed {
      if let slot = table.slot(key) { table.remove(slot) }
    }
    for entry in body.entries {
      if let slot = table.slot(entry.key) {
        table[slot]?.register = entry.register
      } else {
        let slot = table.insert(entry.key, entry.register)
        table[slot]?.isExposed = true
      }
    }
    if let commit = body.commit {
      clock = commit.clock
      forgotten = commit.forgotten
      boot = max(boot, commit.boot)
      heardThrough = max(heardThrough, commit.heardThrough)
    }
    if body.isDistrusted {
      damage.append("it was found to be older than what its member had told the others")
    }
  }
}

extension Restoration {
  /// Notes that something isn't whole.
  fileprivate mutating func noteDamage(_ what: String) {
    damage.append(what)
    heardThrough = .max
  }
}

/// One walk over a file, record by record. Where one isn't whole it looks for the next that is.
private struct Scan {
  /// How far is looked at once for the beginning of a record.
  private static let window = 1 << 20

  let size: Int
  var restoration: Restoration
  private var offset = JournalFormat.headerSize
  /// The number that the next record must have.
  private var number: UInt64 = 0
  private var snapshotBytes = 0

  init(size: Int, restoration: Restoration) {
    self.size = size
    self.restoration = restoration
  }

  mutating func run<Failure: Error>(
    _ read: (Range<Int>) throws(Failure) -> [UInt8]
  ) throws(Failure) {
    while offset < size {
      if let (number, end, body) = try record(at: offset, read), number == self.number {
        take(body, number: number, end: end)
        continue
      }
      guard let (start, number, end, body) = try nextRecord(read) else {
        restoration.tornBytes = size - offset
        return
      }
      restoration.noteDamage("bytes \(offset) to \(start)")
      take(body, number: number, end: end)
    }
  }

  /// What was found. Without a commit there is nothing that a crash alone could have left.
  func finished() -> Restoration {
    var result = restoration
    if result.clock == nil {
      result.noteDamage("bytes \(min(offset, size)) to \(size): its snapshot has no end")
    }
    if result.isTrusted {
      var file = Journal.File()
      file.records = number
      file.bytes = offset
      file.snapshotBytes = snapshotBytes
      result.file = file
    }
    return result
  }

  private mutating func take(_ body: JournalBody, number: UInt64, end: Int) {
    restoration.apply(body)
    if body.commit != nil, snapshotBytes == 0 { snapshotBytes = end }
    self.number = number + 1
    offset = end
  }

  /// The whole record that begins at a place, if one does.
  private func record<Failure: Error>(
    at start: Int, _ read: (Range<Int>) throws(Failure) -> [UInt8]
  ) throws(Failure) -> (number: UInt64, end: Int, body: JournalBody)? {
    guard size - start >= JournalFormat.recordOverhead else { return nil }
    let prefix = JournalFormat.prefix(of: try read(start..<start + JournalFormat.bodyOffset))
    guard let (length, number) = prefix,
      length <= size - start - JournalFormat.recordOverhead, isPlausible(number)
    else { return nil }
    let end = start + length + JournalFormat.recordOverhead
    guard let bytes = JournalFormat.body(of: try read(start..<end)) else { return nil }
    do throws(DecodingFailure) {
      return (number, end, try JournalBody(decoding: bytes))
    } catch {
      return nil
    }
  }

  /// Numbers go up by one a record, and a record has a size: what is further ahead is chance.
  private func isPlausible(_ number: UInt64) -> Bool {
    number >= self.number
      && number - self.number <= UInt64((size - offset) / JournalFormat.recordOverhead)
  }

  /// The next whole record after a place where there is none.
  private func nextRecord<Failure: Error>(
    _ read: (Range<Int>) throws(Failure) -> [UInt8]
  ) throws(Failure) -> (start: Int, number: UInt64, end: Int, body: JournalBody)? {
    let (first, second) = (
      UInt8(truncatingIfNeeded: JournalFormat.recordMagic >> 8),
      UInt8(truncatingIfNeeded: JournalFormat.recordMagic)
    )
    var start = offset + 1
    while size - start >= JournalFormat.recordOverhead {
      let window = try read(start..<min(size, start + Self.window))
      var index = 0
      while index + 6 <= window.count {
        if window[index + 4] == first, window[index + 5] == second,
          let (number, end, body) = try record(at: start + index, read)
        {
          return (start + index, number, end, body)
        }
        index += 1
      }
      // The last bytes of a window may be the first of a record.
      start += max(index, 1)
    }
    return nil
  }
}
