import ClusterCore

/// Where a member's keys come from while it runs: a file that an operator, or a kubelet, replaces.
struct KeySource: Sendable {
  /// The most bytes that such a file has.
  static let limit = 64 << 10
  /// How often the file is looked at. A change is in force after that long at most, well within one
  /// round of probes.
  static let period = Duration.milliseconds(500)

  /// The file.
  let file: WatchedFile
  private var stamp: WatchedFile.Stamp?

  init(file: WatchedFile) { self.file = file }

  /// Why there are no keys to be had.
  struct Failure: Error, Hashable, CustomStringConvertible {
    let description: String
  }

  /// Reads the keys.
  func read(
    _ library: CryptoLibrary
  ) throws(Failure) -> (list: KeyList, stamp: WatchedFile.Stamp?) {
    let content: (bytes: [UInt8], stamp: WatchedFile.Stamp)
    do throws(SystemError) {
      content = try file.read(atMost: Self.limit)
    } catch {
      throw Failure(description: "\(escaped(error.description))")
    }
    return (
      try Self.list { () throws(KeyList.Malformed) in
        try KeyList(file: content.bytes, library)
      }, content.stamp
    )
  }

  /// Reads keys that were given themselves.
  static func read(variable: String, _ library: CryptoLibrary) throws(Failure) -> KeyList {
    try list { () throws(KeyList.Malformed) in try KeyList(variable: variable, library) }
  }

  /// The source as it is after a state of the file was read.
  func read(_ stamp: WatchedFile.Stamp?) -> KeySource {
    var source = self
    source.stamp = stamp
    return source
  }

  /// Looks whether the file changed since it was last looked at: what it holds then, or why that is of
  /// no use; nothing if it is as it was. What is of no use is told once.
  mutating func look(_ library: CryptoLibrary) -> Result<KeyList, Failure>? {
    let present = file.stamp
    guard present != stamp else { return nil }
    stamp = present
    do throws(Failure) {
      let (list, stamp) = try read(library)
      // Of the moment at which it was read: if it changed meanwhile, the next look sees it.
      self.stamp = stamp
      return .success(list)
    } catch {
      return .failure(error)
    }
  }

  private static func list(
    _ read: () throws(KeyList.Malformed) -> KeyList
  ) throws(Failure) -> KeyList {
    do throws(KeyList.Malformed) {
      return try read()
    } catch {
      throw Failure(description: error.problem)
    }
  }
}
