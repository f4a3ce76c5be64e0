import Cluster
import FoundationEssentials

/// The command that makes a secret for `CLUSTER_KEY_FILE`.
enum KeygenVerb {
  static let command = Command(
    name: "keygen", summary: "print a new random secret for CLUSTER_KEY_FILE",
    discussion: [
      "32 bytes from the system's generator, in base64, on one line. Nothing is stored."
    ],
    exitStatuses: [
      .init(term: "0", meaning: "done"), .init(term: "64", meaning: "wrong arguments"),
    ],
    examples: [.init(term: "(umask 077; cluster keygen > cluster.key)", meaning: "")]
  ) { _, shell in
    shell.print(Data(Entropy.bytes(32)).base64EncodedString())
    return .success
  }
}
