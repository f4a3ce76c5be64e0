// `stdout` is a variable there, which nobody changes.
#if canImport(Glibc)
@preconcurrency import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Data on standard output, words on standard error.
enum Output {
  /// Whether somebody watches standard error.
  static let isWatched = isatty(2) == 1

  static func line(_ text: String) { print(text) }

  static func text(_ text: String) { print(text, terminator: "") }

  static func error(_ text: String) {
    fflush(nil)
    // Over the progress, where some is shown.
    write((isWatched ? "\r\u{1B}[K" : "") + text + "\n", to: 2)
  }

  /// Shows progress on a terminal, over what was shown before.
  static func progress(_ text: String) {
    if isWatched { write("\r\u{1B}[K" + text, to: 2) }
  }

  /// Ends the process; not well when standard output did not take all that was printed.
  static func exit(_ status: Exit.Status) -> Never {
    let isPrinted = fflush(stdout) == 0 && ferror(stdout) == 0
    if !isPrinted { error("simulate: can't write to standard output") }
    _exit(status == .passed && !isPrinted ? Exit.Status.usage.rawValue : status.rawValue)
  }

  private static func write(_ text: String, to descriptor: Int32) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        #if canImport(Glibc)
        Glibc.write(descriptor, $0.baseAddress, $0.count)
        #else
        Darwin.write(descriptor, $0.baseAddress, $0.count)
        #endif
      }
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }
}
