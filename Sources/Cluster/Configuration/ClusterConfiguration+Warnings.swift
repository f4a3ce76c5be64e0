extension ClusterConfiguration {
  /// What an operator should know before it matters: what is allowed, but dangerous in most places.
  package var warnings: [String] {
    var warnings: [String] = []
    if !isOnLoopback {
      warnings.append(
        "packets are not protected: whoever reaches the port can read and forge them; no key is set"
      )
    }
    if adminOpen, httpPort != 0 {
      warnings.append("changes over HTTP are taken from anywhere without a token")
    }
    return warnings
  }

  /// Whether every member is reached on this machine only.
  private var isOnLoopback: Bool {
    peers.allSatisfy { peer in
      guard let host = Endpoint(peer)?.host.lowercased() else { return false }
      return host == "localhost" || host == "::1"
        || (host.hasPrefix("127.") && HostSyntax.isVersion4(host))
    }
  }
}
