import Cluster

/// The command that says what this program is.
enum VersionVerb {
  static let command = Command(
    name: "version", summary: "print the version of this program and of its wire format",
    discussion: [
      "Members whose wire formats overlap work together: one that is newer may join before the "
        + "others are updated."
    ],
    options: [ClientCommand.output],
    exitStatuses: [
      .init(term: "0", meaning: "done"), .init(term: "64", meaning: "wrong arguments"),
    ]
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
    return .success
  }
}
