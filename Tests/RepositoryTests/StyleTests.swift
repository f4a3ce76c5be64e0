import Testing

/// The house's style, as far as a program can see it.
@Suite struct StyleTests {
  static let sources = Repository.swiftFiles("Sources")
  static let tests = Repository.swiftFiles("Tests")
  static let simulations = Repository.swiftFiles("Simulations")

  @Test func `the files are found`() {
    #expect(Self.sources.count > 100 && Self.tests.count > 40 && Self.simulations.count > 3)
  }

  @Test func `nothing traps by convenience`() {
    for file in Self.sources {
      #expect(file.matches(/\btry!|\bas!|\bfatalError\(/) == [])
      #expect(file.matches(/[\w\])]!(?![=\w])/) == [], "a force unwrap")
    }
  }

  @Test func `a file holds one idea in at most 400 lines`() {
    for file in Self.sources + Self.tests + Self.simulations {
      #expect(file.lines.count <= 400, "\(file.path) has \(file.lines.count) lines")
    }
  }

  /// Comments are set a little wider than code: so many columns in all.
  static let widestComment = 104
  /// Lines that cannot be broken, by their beginning.
  static let unbreakable: [String: String] = [:]

  @Test func `code ends at column 100 and comments soon after`() {
    for file in Self.sources + Self.tests + Self.simulations {
      var isInString = false
      for (index, line) in file.lines.enumerated() {
        let isComment = line.drop { $0 == " " }.hasPrefix("//")
        if line.contains("\"\"\"") { isInString.toggle() }
        // A string is not broken by the formatter.
        let isString = isInString || line.contains("\"")
        let limit = isComment ? Self.widestComment : isString ? 120 : 100
        #expect(line.count <= limit, "\(file.place(index))")
      }
    }
  }

  @Test func `no test sleeps`() {
    for file in Self.tests { #expect(file.matches(/sleep\(/) == []) }
  }

  @Test func `no source names a machine's paths`() {
    for file in Self.sources + Self.simulations {
      for index in SourceFile.indices(of: file.lines, with: "/work", "/root", "/tmp", "/home") {
        #expect(
          !file.lines[index].contains(/["\s(](\/work|\/root|\/tmp|\/home)\b/),
          "\(file.place(index))")
      }
    }
  }

  /// Where memory is handled by hand outside of `Cluster/System`, and why.
  static let byHand = [
    "Sources/ClusterAdmin/JSON/JSONWriter.swift": "quotes the bytes of a string without a copy",
    "Sources/ClusterCommand/Demo/ChildProcess.swift": "argument vectors for posix_spawn",
    "Sources/ClusterCommand/Demo/LoopbackPort.swift": "asks the system for a free port",
    "Sources/ClusterCommand/HTTP/HTTPConnection.swift": "the command's own small socket",
    "Sources/ClusterCommand/Output/StandardStreams.swift": "write(2) to the standard streams",
  ]

  @Test func `memory is handled by hand in one folder`() {
    let pattern = /\bunsafe\b|Unsafe/
    for file in Self.sources
    where !file.path.hasPrefix("Sources/Cluster/System/") && Self.byHand[file.path] == nil {
      #expect(file.matches(pattern) == [])
    }
    for path in Self.byHand.keys.sorted() {
      #expect(SourceFile(path)?.matches(pattern).isEmpty == false, "\(path) needs no exception")
    }
  }

  @Test func `what the compiler is asked to believe is proved beside it`() {
    for file in Self.sources + Self.simulations {
      for index in SourceFile.indices(
        of: file.code, with: "@unchecked Sendable", "nonisolated(unsafe)")
      {
        let above = index > 0 ? file.lines[index - 1].drop { $0 == " " } : ""
        #expect(above.hasPrefix("//"), "\(file.place(index))")
      }
    }
  }

  @Test func `folders are nouns of the domain`() {
    for path in Repository.paths("Sources") + Repository.paths("Tests") {
      for part in path.split(separator: "/") {
        let name = part.prefix { $0 != "." }
        #expect(!["Utils", "Util", "Helpers", "Helper", "Common", "Misc"].contains(String(name)))
        #expect(!name.hasSuffix("Manager"), "\(path)")
      }
    }
  }

  @Test func `test names say what happens`() {
    for file in Self.tests where !file.path.hasPrefix("Tests/RepositoryTests") {
      #expect(file.matches(/@Test.*func test|^\s*func test[A-Z_]\w*\(\)/) == [])
    }
  }

  @Test func `promises to do something later are not left in the code`() {
    let words = ["TO" + "DO", "FIX" + "ME", "XX" + "X"]
    for file in Self.sources + Self.tests + Self.simulations {
      for (index, line) in file.lines.enumerated() {
        #expect(!words.contains { line.contains($0) }, "\(file.place(index))")
      }
    }
  }
}
