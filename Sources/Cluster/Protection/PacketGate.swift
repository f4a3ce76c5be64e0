import ClusterCore

/// Seals what leaves a member and lets in what may be let in; without a key, everything but what is
/// sealed. The loop's own.
///
/// What comes in is looked at in the order of what a look costs: first what stands in the open (whose,
/// for whom, which key, was it here before), and only then is it opened. A forged packet costs at most
/// one derivation and one decryption, in place and with contexts that are kept; nothing is remembered
/// of it but its number in a counter.
///
/// Nonces are counters under a key of this start's own. Whoever restores a running machine from a
/// snapshot makes it count again from there: such a member must be restarted.
final class PacketGate {
  private let keyring: Keyring?
  private let meter: RejectionMeter
  private var report = RejectionReport()
  /// The number of this start: seconds of the wall clock, and 32 random bits.
  let session: UInt64
  private var now = Instant(nanoseconds: 0)

  private var list: KeyList?
  private var generation: UInt64 = 0
  private var sealers = ByPurpose<Sealer?>(datagrams: nil, frames: nil)
  private var senders: [SenderRecord] = []
  /// Opens the first packet of a session; it is given another key each time.
  private var scratch: PacketCipher?

  private struct Sealer {
    var cipher: PacketCipher
    var counter: UInt64 = 0

    mutating func next() -> UInt64 {
      counter += 1
      return counter
    }
  }

  /// - Parameters:
  ///   - keyring: The keys; none for plaintext.
  ///   - session: The number of this start, which is never given twice.
  init(_ keyring: Keyring?, session: UInt64, _ meter: RejectionMeter) {
    self.keyring = keyring
    self.session = session
    self.meter = meter
    senders = Array(repeating: SenderRecord(), count: keyring?.size ?? 0)
    turn(at: now)
  }

  /// A number for a start of a member at a moment.
  static func session(at now: Moment, random: UInt64) -> UInt64 {
    min(now.wallMilliseconds / 1_000, UInt64(UInt32.max)) << 32 | random >> 32
  }

  /// Whether what leaves is sealed.
  var isSealing: Bool { keyring != nil }

  /// The largest packet that fits a datagram.
  var largestPacket: Int { isSealing ? Limits.datagram - SealedHeader.overhead : Limits.datagram }

  /// Begins a turn of the loop: takes up keys that were changed.
  func turn(at now: Instant) {
    self.now = now
    guard let keyring, let list = keyring.list(since: &generation) else { return }
    if list.primary != self.list?.primary { replaceSealers(list.primary, keyring) }
    self.list = list
  }

  /// What is to be told of dropped packets, at the end of a turn.
  func reports() -> [ClusterEvent] { report.due(at: now) }

  /// Drops a packet.
  func reject(_ reason: PacketRejection, from source: Address?) {
    meter.count(reason)
    report.note(reason, from: source)
  }

  // MARK: - Out

  /// Puts a packet into `bytes` as it leaves, if there is a key; returns its length there, or nothing
  /// if it can't be sealed.
  ///
  /// - Precondition: `bytes` has room for `SealedHeader.overhead` more bytes than the packet has.
  func seal(
    _ packet: [UInt8], into bytes: inout [UInt8], at start: Int, as purpose: PacketKey.Purpose
  ) -> Int? {
    guard let keyring, let list, let destination = Header.destination(of: packet),
      let cipher = sealers[purpose]?.cipher, let counter = sealers[purpose]?.next()
    else { return nil }
    let header = SealedHeader(
      cluster: UInt8(truncatingIfNeeded: keyring.cluster),
      fingerprint: list.primary.fingerprint.rawValue, signature: list.signature,
      source: keyring.ordinal, destination: destination, session: session, counter: counter)
    header.write(into: &bytes, at: start)
    let isSealed = cipher.seal(
      packet, nonce: counter, headerSize: SealedHeader.size, into: &bytes, at: start)
    return isSealed ? packet.count + SealedHeader.overhead : nil
  }

  /// A frame as it leaves; nothing if it can't be sealed.
  func sealed(frame: [UInt8]) -> [UInt8]? {
    guard isSealing else { return frame }
    var bytes = [UInt8](repeating: 0, count: frame.count + SealedHeader.overhead)
    return seal(frame, into: &bytes, at: 0, as: .frames) == nil ? nil : bytes
  }

  /// New keys for what leaves. The counters go on, so that no key ever meets a counter twice, not even
  /// one that is put first, replaced and put first again.
  private func replaceSealers(_ key: PacketKey, _ keyring: Keyring) {
    for purpose in [PacketKey.Purpose.datagrams, .frames] {
      let derived = key.derived(
        for: purpose, cluster: keyring.cluster, source: keyring.ordinal, session: session,
        keyring.library)
      guard let cipher = PacketCipher(keyring.library, key: derived, for: .sealing) else {
        continue
      }
      sealers[purpose] = Sealer(cipher: cipher, counter: sealers[purpose]?.counter ?? 0)
    }
  }

  // MARK: - In

  /// Lets in what lies in a range of `bytes`, and says where its packet lies now; nothing if it was
  /// dropped.
  ///
  /// - Precondition: `range` lies in `bytes`.
  func open(
    _ bytes: inout [UInt8], _ range: Range<Int>, as purpose: PacketKey.Purpose,
    from address: Address?
  ) -> Range<Int>? {
    let isSealed = SealedHeader.isSealed(bytes, at: range.lowerBound, count: range.count)
    guard let keyring, let list else {
      if !isSealed { return range }
      reject(.sealed, from: address)
      return nil
    }
    do throws(Refusal) {
      guard isSealed else {
        throw Refusal(
          Header.isPlain(bytes, at: range.lowerBound, count: range.count)
            ? .plaintext : .malformed)
      }
      guard range.count >= SealedHeader.overhead else { throw Refusal(.malformed) }
      let header = SealedHeader(bytes, at: range.lowerBound)
      let key = try key(for: header, keyring, list)
      try open(header, key, &bytes, range, as: purpose, keyring)
      return range.lowerBound + SealedHeader.size..<range.upperBound - PacketCipher.tagSize
    } catch {
      reject(error.reason, from: address)
      return nil
    }
  }

  private struct Refusal: Error {
    let reason: PacketRejection
    init(_ reason: PacketRejection) { self.reason = reason }
  }

  /// Looks at what stands in the open.
  private func key(
    for header: SealedHeader, _ keyring: Keyring, _ list: KeyList
  ) throws(Refusal) -> PacketKey {
    guard header.version == SealedHeader.version else { throw Refusal(.version) }
    guard header.cluster == UInt8(truncatingIfNeeded: keyring.cluster) else {
      throw Refusal(.cluster)
    }
    guard header.source < keyring.size else { throw Refusal(.unknownMember) }
    guard header.destination == keyring.ordinal else { throw Refusal(.destination) }
    guard let key = list.key(header.fingerprint) else { throw Refusal(.auth) }
    // What this process sent itself, thrown back.
    if header.source == keyring.ordinal, header.session == session { throw Refusal(.replay) }
    return key
  }

  /// Opens a packet of a session that is known or may begin, and notes that it came.
  private func open(
    _ header: SealedHeader, _ key: PacketKey, _ bytes: inout [UInt8], _ range: Range<Int>,
    as purpose: PacketKey.Purpose, _ keyring: Keyring
  ) throws(Refusal) {
    let source = header.source
    let known = senders[source].index(of: header.session)
    if let known {
      guard senders[source].sessions[known].channels[purpose].window.admits(header.counter) else {
        throw Refusal(.replay)
      }
    } else if !senders[source].admits(header.session, at: now) {
      throw Refusal(.replay)
    }
    let kept = known.flatMap {
      senders[source].sessions[$0].channels[purpose].cipher(for: header.fingerprint)
    }
    let fresh = kept == nil ? derived(header, key, purpose, keyring) : []
    guard let cipher = kept ?? scratch(fresh, keyring),
      cipher.open(&bytes, range, headerSize: SealedHeader.size, nonce: header.counter)
    else { throw Refusal(.auth) }
    let index = known ?? senders[source].begin(header.session, at: now)
    if kept == nil, let opener = PacketCipher(keyring.library, key: fresh, for: .opening) {
      senders[source].sessions[index].channels[purpose].opener = (header.fingerprint, opener)
    }
    senders[source].sessions[index].channels[purpose].window.insert(header.counter)
    senders[source].sessions[index].heardAt = now
    note(header, index, keyring)
  }

  private func derived(
    _ header: SealedHeader, _ key: PacketKey, _ purpose: PacketKey.Purpose, _ keyring: Keyring
  ) -> [UInt8] {
    key.derived(
      for: purpose, cluster: keyring.cluster, source: header.source, session: header.session,
      keyring.library)
  }

  /// A cipher for one packet.
  private func scratch(_ key: [UInt8], _ keyring: Keyring) -> PacketCipher? {
    if let scratch { return scratch.change(key: key, for: .opening) ? scratch : nil }
    scratch = PacketCipher(keyring.library, key: key, for: .opening)
    return scratch
  }

  /// Notes what a packet says of its sender's keys, if it says something new.
  private func note(_ header: SealedHeader, _ index: Int, _ keyring: Keyring) {
    let keys = PeerKeys(
      seals: KeyFingerprint(rawValue: header.fingerprint), signature: header.signature)
    guard senders[header.source].sessions[index].keys != keys else { return }
    senders[header.source].sessions[index].keys = keys
    if senders[header.source].isNewest(header.session) { keyring.note(keys, of: header.source) }
  }
}
