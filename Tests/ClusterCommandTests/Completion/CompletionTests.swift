import Foundation
import Testing

@testable import ClusterCommand

/// Asks bash itself what it would offer.
private func offered(by script: String, _ words: [String]) throws -> [String] {
  let process = Process()
  process.executableURL = URL(filePath: "/bin/bash")
  let list = words.map(shellQuoted).joined(separator: " ")
  process.arguments = [
    "-c",
    """
    \(script)
    COMP_WORDS=(\(list)); COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
    _cluster
    printf '%s\\n' "${COMPREPLY[@]}"
    """,
  ]
  let output = Pipe()
  process.standardOutput = output
  try process.run()
  let bytes = output.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  #expect(process.terminationStatus == 0)
  return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
}

@Suite struct CompletionTests {
  private let bash = CompletionShell.bash.script(for: Program.root)

  @Test(
    arguments: [
      (["cluster", "stat"], ["status"]),
      (["cluster", "status", "--ch"], ["--check"]),
      (["cluster", "status", "--output", ""], ["table", "json"]),
      (["cluster", "status", "--output", "=", "j"], ["json"]),
      (["cluster", "status", "--output", "="], ["table", "json"]),
      (["cluster", "node", "--log-level", "warn"], ["warning"]),
      (["cluster", "completion", "f"], ["fish"]),
      (["cluster", "get", "--url", "h"], []),
      (["cluster", "get", "--token-file", "/etc/host.con"], ["/etc/host.conf"]),
    ] as [([String], [String])])
  func `bash is offered what would be accepted`(words: [String], expected: [String]) throws {
    #expect(try offered(by: bash, words) == expected)
  }

  @Test(arguments: CompletionShell.allCases)
  func `every command and option is known to every shell`(shell: CompletionShell) {
    let script = shell.script(for: Program.root)
    for entry in CompletedCommand.all(of: Program.root) {
      #expect(script.contains(entry.path.last ?? ""), "\(entry.name)")
      for option in entry.command.options {
        let name = shell == .fish ? "-l " + option.name.dropFirst(2) : option.name
        #expect(script.contains(name), "\(entry.name) \(option.name)")
      }
    }
  }

  @Test func `what means something to a shell is quoted`() {
    #expect(shellQuoted("it's $HOME") == #"'it'\''s $HOME'"#)
    let odd = Command(
      name: "cluster", summary: "",
      subcommands: [
        Command(
          name: "x", summary: "a: b'c",
          options: [.init(name: "--y", placeholder: nil, meaning: "[1]: $(reboot)")])
      ])
    #expect(ZshCompletion(odd).script.contains(#"'--y[\[1\]\: $(reboot)]'"#))
    #expect(FishCompletion(odd).script.contains(#"-l y -d '[1]: $(reboot)'"#))
  }
}
