import ClusterCore

/// The processes that send, or sent, as one ordinal: what of theirs has come.
///
/// A member that was started anew has a new session; the old one's packets may still be under way, or
/// recorded by somebody. So the last few sessions are remembered, each with its windows. A session is
/// noted only once a packet of it was opened, so that forged ones take no memory and push nothing out.
struct SenderRecord {
  /// How many sessions are remembered.
  static let sessionLimit = 4
  /// How long an ordinal must have been silent until a session that is older than all remembered
  /// ones is listened to: a machine may have started with its clock set back.
  static let silence = Span64.seconds(30)

  /// One process.
  struct Session {
    let number: UInt64
    var heardAt: Instant
    var channels = ByPurpose(datagrams: Channel(), frames: Channel())
    /// What its last packet said of keys.
    var keys: PeerKeys?
  }

  /// What of one process came one way.
  struct Channel {
    var window = ReplayWindow()
    /// Opens its packets; made for the key by which the last one was sealed.
    var opener: (fingerprint: UInt32, cipher: PacketCipher)?

    /// The cipher for a key, if it is the one at hand.
    func cipher(for fingerprint: UInt32) -> PacketCipher? {
      opener?.fingerprint == fingerprint ? opener?.cipher : nil
    }
  }

  /// The sessions, in no order.
  var sessions: [Session] = []

  func index(of number: UInt64) -> Int? { sessions.firstIndex { $0.number == number } }

  /// Whether a session that isn't remembered may begin.
  func admits(_ number: UInt64, at now: Instant) -> Bool {
    guard sessions.count >= Self.sessionLimit else { return true }
    if sessions.contains(where: { $0.number < number }) { return true }
    return sessions.allSatisfy { now.since($0.heardAt) >= Self.silence }
  }

  /// Remembers a session, in place of the one that was silent for longest if there are too many.
  mutating func begin(_ number: UInt64, at now: Instant) -> Int {
    if sessions.count >= Self.sessionLimit,
      let quietest = sessions.indices.min(by: { sessions[$0].heardAt < sessions[$1].heardAt })
    {
      sessions.remove(at: quietest)
    }
    sessions.append(Session(number: number, heardAt: now))
    return sessions.count - 1
  }

  /// Whether there is no later session than this one.
  func isNewest(_ number: UInt64) -> Bool { !sessions.contains { $0.number > number } }
}
