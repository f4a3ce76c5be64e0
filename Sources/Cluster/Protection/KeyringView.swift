import ClusterCore

/// Which keys the members hold, as one member sees it: what a rotation is followed by.
package struct KeyringView: Hashable, Sendable {
  /// One key of the asked member.
  package struct Key: Hashable, Sendable {
    package var fingerprint: KeyFingerprint
    /// Whether the asked member seals with it.
    package var isPrimary: Bool
    /// How many live members accept it, the asked one included.
    package var held: Int
    /// How many live members seal with it.
    package var sealing: Int

    package init(fingerprint: KeyFingerprint, isPrimary: Bool, held: Int, sealing: Int) {
      self.fingerprint = fingerprint
      self.isPrimary = isPrimary
      self.held = held
      self.sealing = sealing
    }
  }

  /// What one member's packets say of its keys.
  package struct Member: Hashable, Sendable {
    package var name: String
    package var isLive: Bool
    /// The key that seals them; nothing as long as none has come.
    package var seals: KeyFingerprint?
    /// Which of the asked member's keys it accepts; nothing when it holds others too.
    package var accepts: [KeyFingerprint]?

    package init(
      name: String, isLive: Bool, seals: KeyFingerprint?, accepts: [KeyFingerprint]?
    ) {
      self.name = name
      self.isLive = isLive
      self.seals = seals
      self.accepts = accepts
    }
  }

  /// How many members are expected.
  package var expected: Int
  /// The asked member's keys in their order; none means plaintext.
  package var keys: [Key]
  /// All expected members in ordinal order; none without a key.
  package var members: [Member]

  package init(expected: Int, keys: [Key], members: [Member]) {
    self.expected = expected
    self.keys = keys
    self.members = members
  }
}

extension Cluster {
  /// Which keys the members hold.
  package var keyringView: KeyringView {
    let known = members
    guard let keyring = driver.keyring else {
      return KeyringView(expected: known.count, keys: [], members: [])
    }
    let list = keyring.list
    let views = zip(known, keyring.peers).enumerated().map { ordinal, pair in
      let (member, keys) = pair
      guard ordinal != keyring.ordinal else {
        return KeyringView.Member(
          name: member.name, isLive: true, seals: list.primary.fingerprint,
          accepts: list.fingerprints)
      }
      return KeyringView.Member(
        name: member.name, isLive: member.isLive, seals: keys?.seals,
        accepts: keys.flatMap { list.accepted(by: $0.signature) })
    }
    let live = views.filter(\.isLive)
    return KeyringView(
      expected: known.count,
      keys: list.fingerprints.map { name in
        KeyringView.Key(
          fingerprint: name, isPrimary: name == list.primary.fingerprint,
          held: live.count { $0.seals == name || $0.accepts?.contains(name) == true },
          sealing: live.count { $0.seals == name })
      }, members: views)
  }
}
