/// The question which keys a group that is apart has written, asked of one of its members, page by
/// page. It is control: keys and dots cross, no values.
package struct Survey: Hashable, Sendable {
  /// A key that was written there, and its dots that this side doesn't know.
  package struct Finding: Hashable, Sendable {
    package var key: Key
    /// The newest stamp's time.
    package var time: UInt64
    package var dots: [Dot]

    package init(key: Key, time: UInt64, dots: [Dot]) {
      self.key = key
      self.time = time
      self.dots = dots
    }
  }

  /// Why it is made.
  package enum Purpose: Hashable, Sendable {
    /// To show what a decision would mean. Ends at `Limits.pendingKeys` keys.
    case preview
    /// To carry out a decision, which needs all of it.
    case decision
  }

  /// The most bytes of keys and dots that a decision keeps until it is carried out.
  package static let mostBytes = 64 << 20
  /// How often an answer is asked for before the member is given up.
  package static let tries = 12
  /// How long an answer is waited for.
  package static let patience = Span64.milliseconds(400)

  package let purpose: Purpose
  package let ordinal: Int
  package let boot: UInt64
  /// The digest of the asked member's group, and of its store's clock, when the survey began.
  package let group: UInt64
  package let clockDigest: UInt64
  /// The ordinals whose writes are asked for now: as many as a datagram has room for.
  package var range: Range<Int>
  package var page = Request(mark: 0, cursor: 0, wantsClock: true, clock: StoreClock(range: 0..<0))
  package var tried = 0
  package var nextAt: Instant
  package var findings: [Finding] = []
  package var bytes = 0
  /// What the other side knows.
  package var theirs: StoreClock
  package var isTruncated = false

  /// One question.
  package struct Request: Hashable, Sendable {
    /// Unique among this member's questions: an answer names it.
    package var mark: UInt64
    /// The slot from which the answering member goes on.
    package var cursor: UInt32
    package var wantsClock: Bool
    /// What this side knows.
    package var clock: StoreClock

    package init(mark: UInt64, cursor: UInt32, wantsClock: Bool, clock: StoreClock) {
      self.mark = mark
      self.cursor = cursor
      self.wantsClock = wantsClock
      self.clock = clock
    }
  }

  /// One answer.
  package struct Page: Hashable, Sendable {
    package var mark: UInt64
    /// Where to go on; none when this was the last page.
    package var next: UInt32?
    /// What the answering member knows of the ordinals asked for.
    package var clock: StoreClock?
    package var findings: [Finding]

    package init(mark: UInt64, next: UInt32?, clock: StoreClock?, findings: [Finding]) {
      self.mark = mark
      self.next = next
      self.clock = clock
      self.findings = findings
    }
  }

  /// Adds what came.
  package mutating func add(_ page: Page) {
    if let clock = page.clock { theirs.formUnion(clock) }
    for finding in page.findings {
      findings.append(finding)
      bytes += finding.key.utf8.count + 48 + finding.dots.count * 24
    }
  }
}

/// What is known of another group's difference.
package struct Preview: Hashable, Sendable {
  package var group: UInt64
  package var clockDigest: UInt64
  package var takenAt: Instant
  package var theirs: StoreClock
  /// In the order of the keys, each once.
  package var keys: [Key]
  package var isTruncated: Bool
}

extension Survey.Request {
  func encode(into writer: inout ByteWriter) {
    writer.write(mark)
    writer.write(cursor)
    writer.write(UInt8(wantsClock ? 1 : 0))
    clock.encode(into: &writer)
  }

  static func decode(
    from reader: inout ByteReader
  ) throws(DecodingFailure) -> Survey.Request {
    let (mark, cursor, flag) = (
      try reader.readUInt64(), try reader.readUInt32(), try reader.readByte()
    )
    guard flag <= 1 else { throw .outOfRange }
    return Survey.Request(
      mark: mark, cursor: cursor, wantsClock: flag == 1,
      clock: try StoreClock.decode(from: &reader))
  }
}

extension Survey.Page {
  /// What a page takes beside its clock and its findings.
  static let overhead = 8 + 5 + 1 + 3

  func encode(into writer: inout ByteWriter) {
    writer.write(mark)
    writer.write(UInt8(next == nil ? 0 : 1))
    writer.write(next ?? 0)
    writer.write(UInt8(clock == nil ? 0 : 1))
    clock?.encode(into: &writer)
    writer.writeVarint(findings.count)
    for finding in findings { finding.encode(into: &writer) }
  }

  static func decode(from reader: inout ByteReader) throws(DecodingFailure) -> Survey.Page {
    let (mark, more, next) = (
      try reader.readUInt64(), try reader.readByte(), try reader.readUInt32()
    )
    let hasClock = try reader.readByte()
    guard more <= 1, hasClock <= 1, more == 1 || next == 0 else { throw .outOfRange }
    let clock = hasClock == 1 ? try StoreClock.decode(from: &reader) : nil
    var findings: [Survey.Finding] = []
    for _ in 0..<(try reader.readCount(itemSize: 11)) {
      findings.append(try Survey.Finding.decode(from: &reader))
    }
    return Survey.Page(
      mark: mark, next: more == 1 ? next : nil, clock: clock, findings: findings)
  }
}

extension Survey.Finding {
  /// The most bytes that a dot takes.
  static let dotSize = 2 + 8 + 10
  /// The most bytes beside the dots.
  static func size(key: Int) -> Int { 2 + key + 8 + 2 }

  func encode(into writer: inout ByteWriter) {
    writer.write(key.utf8)
    writer.write(time)
    writer.writeVarint(dots.count)
    for dot in dots {
      writer.writeVarint(dot.actor.ordinal)
      writer.write(dot.actor.boot)
      writer.writeVarint(dot.sequence)
    }
  }

  static func decode(from reader: inout ByteReader) throws(DecodingFailure) -> Survey.Finding {
    let key = try reader.readKey()
    let time = try reader.readUInt64()
    var dots: [Dot] = []
    for _ in 0..<(try reader.readCount(itemSize: 10)) {
      let ordinal = try reader.readVarint()
      guard ordinal < UInt64(Limits.members) else { throw .outOfRange }
      let actor = Actor(ordinal: Int(ordinal), boot: try reader.readUInt64())
      let sequence = try reader.readVarint()
      guard sequence > 0, sequence <= StoreClock.largestSequence else { throw .outOfRange }
      dots.append(Dot(actor: actor, sequence: sequence))
    }
    return Survey.Finding(key: key, time: time, dots: dots)
  }
}
