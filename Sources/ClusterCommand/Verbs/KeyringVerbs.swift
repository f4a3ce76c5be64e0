import Cluster
import ClusterCore

/// The commands about the keys that protect packets. None of them shows or sends a key.
enum KeyringVerbs {
  static let command = Command(
    name: "keyring", summary: "follow a change of the keys that protect packets",
    discussion: [
      "Keys are changed in three steps, each finished on every member before the next: add the new "
        + "key as the last line of every CLUSTER_KEY_FILE ('keyring list' then says that all hold "
        + "it); put it first in every file (all seal with it); take the old one out. Members read "
        + "their files anew by themselves, within a second."
    ],
    exitStatuses: [
      .init(term: "0", meaning: "done"), .init(term: "64", meaning: "wrong arguments"),
    ],
    subcommands: [list, show, measure])

  private static let list = ClientCommand.make(
    "list", "list the keys of one member, and who holds them",
    discussion: [
      "Of other members it is known what their packets say: which key seals them, and which of the "
        + "asked member's keys they accept. A key counts as held by those that are live."
    ],
    examples: [.init(term: "cluster keyring list --output json", meaning: "")]
  ) { arguments, shell, client in
    let reply = try client.success("GET", "/keyring")
    let detail = try reply.decoded(KeyringDetail.self, from: client.url)
    try ClientCommand.show(reply, arguments, shell) {
      detail.protected ? detail.keyTable.text + "\n\n" + detail.memberTable.text : "no keys"
    }
    if !detail.protected { shell.say("cluster keyring list: packets are not protected") }
    return .success
  }

  private static let show = Command(
    name: "show", summary: "list the fingerprints of the keys in a file",
    discussion: ["The first key of a file seals, all of them open. No member is asked."],
    operands: [.init(name: "FILE", meaning: "a file as CLUSTER_KEY_FILE names it")],
    exitStatuses: [
      .init(term: "0", meaning: "done"), .init(term: "1", meaning: "the file is of no use"),
      .init(term: "64", meaning: "wrong arguments"),
    ],
    examples: [.init(term: "cluster keyring show cluster.key", meaning: "")]
  ) { arguments, shell in
    do {
      let text = try shell.readFile(arguments.operand("FILE"), KeyFile.limit)
      let rows = try KeyFile.fingerprints(in: text).enumerated().map { index, name in
        [name, index == 0 ? "seals" : "opens"]
      }
      shell.print(Table(header: ["KEY", "USE"], rows: rows).text)
      return .success
    } catch {
      shell.say("\(arguments.path.joined(separator: " ")): \(error)")
      return .failure
    }
  }

  private static let measure = Command(
    name: "measure", summary: "measure what protecting a packet costs on this machine",
    discussion: [
      "Seals and opens packets in memory, as a member does on its way to and from its socket, and "
        + "drops some that were sealed with a key that isn't held. Medians, in nanoseconds."
    ],
    exitStatuses: [
      .init(term: "0", meaning: "done"),
      .init(term: "1", meaning: "this system can't protect packets"),
      .init(term: "64", meaning: "wrong arguments"),
    ]
  ) { arguments, shell in
    do {
      let rows = try [200, Limits.packet].map { size in
        let cost = try PacketCost.measured(size: size)
        return ["\(size)"]
          + [cost.sealing, cost.opening, cost.refusing].map {
            "\($0.components.attoseconds / 1_000_000_000)"
          }
      }
      let header = ["BYTES", "SEAL ns", "OPEN ns", "REFUSE ns"]
      shell.print(Table(header: header, rows: rows).text)
      return .success
    } catch {
      shell.say("\(arguments.path.joined(separator: " ")): \(error)")
      return .failure
    }
  }
}
