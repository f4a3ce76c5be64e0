import Cluster

/// The command that says what this program is.
enum VersionVerb {
  static let command = Command(
    name: "version", summary: "print the version of this program and of its wire format",
    discussion: [
      "Members whose wire formats overlap work together: one that is newer may join before the "
        + "others are updated."
    ],
    options: [
      .init(
        name: "--protects", placeholder: nil,
        meaning: "end with status 1 unless packets can be protected on this system"),
      ClientCommand.output,
    ],
    exitStatuses: [
      .init(term: "0", meaning: "done"),
      .init(term: "1", meaning: "packets can't be protected here, with --protects"),
      .init(term: "64", meaning: "wrong arguments"),
    ],
    examples: [.init(term: "cluster version --protects    # in an image's recipe", meaning: "")]
  ) { arguments, shell in
    let wire = Cluster.wireVersions
    if ClientCommand.wantsJSON(arguments) {
      shell.print(
        "{\"version\":\"\(Cluster.version)\",\"wire\":{\"minimum\":\(wire.lowerBound),"
          + "\"maximum\":\(wire.upperBound)}}")
    } else {
      let formats =
        wire.count == 1 ? "\(wire.lowerBound)" : "\(wire.lowerBound) to \(wire.upperBound)"
      shell.print("cluster \(Cluster.version) (wire format \(formats))")
    }
    return arguments.has("--protects") ? protects(shell) : .success
  }

  /// Looks for what seals packets as a member with a key does, by reading a key.
  private static func protects(_ shell: Shell) -> ExitStatus {
    do {
      _ = try KeyFile.fingerprints(in: Array(String(repeating: "k", count: 32).utf8))
      return .success
    } catch {
      shell.say("cluster version: packets can't be protected here: \(error)")
      return .failure
    }
  }
}
