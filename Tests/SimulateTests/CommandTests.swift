import FoundationEssentials
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The built command as a shell meets it.
@Suite struct `The command simulate` {
  private static let root = URL(filePath: #filePath).appending(path: "../../..").standardizedFileURL

  /// What a line of shell ends with; `simulate` is beside the tests.
  private func status(of line: String) throws -> Int32 {
    let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let folder = URL(filePath: tests).deletingLastPathComponent().path
    let script = "cd '\(Self.root.path)' && export PATH='\(folder)':$PATH && \(line)"
    let result = script.withCString { system($0) }
    return result >> 8 & 0xFF
  }

  @Test(
    arguments: [
      ("simulate run calm-alone --seeds 1", 0),
      // Results that nobody can read are none.
      ("simulate run calm-alone --seeds 1 >/dev/full", 2),
      ("simulate list >&-", 2),
      ("simulate --help >/dev/full", 2),
      // A range at the end of all numbers.
      ("simulate run calm-alone --seeds '18446744073709551610..<18446744073709551615'", 0),
      ("simulate measure crash-5 --seeds '18446744073709551610..<18446744073709551615'", 2),
      // A file may be a pipe; a folder is none.
      ("cat Simulations/Scenarios/calm-alone.scenario | simulate run /dev/stdin --seeds 1", 0),
      ("simulate run /dev/null", 2), ("simulate run /", 2),
      ("simulate replay calm-alone --from 2s --until 1s", 2),
    ] as [(String, Int32)])
  func `ends as a shell expects`(_ line: String, _ expected: Int32) throws {
    #expect(try status(of: "(\(line)) >/dev/null 2>&1") == expected)
  }

  @Test func `says that two traces are the same`() throws {
    let line = """
      folder=$(mktemp -d) && simulate replay calm-alone --trace "$folder/a" 2>/dev/null \
      && simulate diff "$folder/a" "$folder/a" | grep -q '^no difference: [1-9][0-9]* events$' \
      && rm -r "$folder"
      """
    #expect(try status(of: line) == 0)
  }
}
