import ClusterCore

/// The files of a data directory, and how they change:
///
///     journal          what is believed after a crash: a snapshot, and the log after it
///     journal.new      a snapshot that is being written; of no meaning before it has the other's name
///     journal.damaged  the last journal that wasn't whole, for whoever wants to look into it
///     lock             held by the process that uses the directory
///
/// Each append to the journal is flushed (`fdatasync`) before it counts; a snapshot is flushed once,
/// at its end, before it takes the journal's name, and the directory after it. So at each moment
/// there is one whole journal. `JournalFormat` says what is in it.
struct JournalFiles<Folder: DataFolder>: Sendable {
  static var name: String { "journal" }
  static var newName: String { "journal.new" }
  static var damagedName: String { "journal.damaged" }

  /// What became of a record.
  enum Outcome: Equatable {
    /// It is there, as `Input.appended` promises.
    case written
    /// It isn't there, and can be written again: the journal is as it was.
    case refused(SystemError)
    /// It isn't there. `losesFile` as with `Input.appendFailed`.
    case failed(SystemError, losesFile: Bool)
  }

  private let folder: Folder
  /// The journal, as long as it can be gone on with.
  private var journal: Folder.File?
  private var end = 0
  private var next: Folder.File?
  private var nextEnd = 0
  /// Whether the journal is kept aside when a new one takes its place.
  private var keepsOld = false

  /// The size of the journal, in bytes.
  var size: Int { end }

  /// Reads what a directory holds.
  ///
  /// - Returns: What the member begins with; or why it doesn't, and then nothing was changed.
  static func open(
    _ folder: Folder, header: JournalFormat.Header, seed: UInt64
  ) throws(SystemError) -> Result<(JournalFiles, Restoration), Restoration.Refusal> {
    var files = JournalFiles(folder: folder)
    guard let journal = try folder.open(name) else {
      return .success((files, Restoration(seed: seed)))
    }
    let size = try journal.size()
    var window = FileWindow(file: journal, size: size)
    let found = try Restoration.read(size: size, header: header, seed: seed) {
      (range) throws(SystemError) -> [UInt8] in try window.bytes(range)
    }
    switch found {
    case .failure(let refusal): return .failure(refusal)
    case .success(let restoration):
      files.take(journal, restoration)
      return .success((files, restoration))
    }
  }

  private init(folder: Folder) { self.folder = folder }

  private mutating func take(_ file: Folder.File, _ restoration: Restoration) {
    keepsOld = !restoration.isTrusted
    guard let known = restoration.file else { return }
    do throws(SystemError) {
      if restoration.tornBytes > 0 {
        try file.truncate(to: known.bytes)
        try file.flush()
      }
      journal = file
      end = known.bytes
    } catch {
      // The first append then fails, and all is written anew.
      journal = nil
    }
  }

  /// Writes a record where it belongs.
  mutating func write(_ record: JournalRecord) -> Outcome {
    switch record.place {
    case .log: append(record.bytes)
    case .snapshot(let isFirst, let isLast):
      snapshot(record.bytes, isFirst: isFirst, isLast: isLast)
    }
  }

  private mutating func append(_ bytes: [UInt8]) -> Outcome {
    guard let journal else {
      return .failed(SystemError.isLost(Self.name), losesFile: true)
    }
    do throws(SystemError) {
      try journal.write(bytes, at: end)
    } catch {
      // Some of it may be there. Cut off or not, it is no whole record, and will be written over.
      try? journal.truncate(to: end)
      return .refused(error)
    }
    do throws(SystemError) {
      try journal.flush()
    } catch {
      // What the system has thrown away by now, nobody knows; to flush again would only seem to work.
      self.journal = nil
      return .failed(error, losesFile: true)
    }
    end += bytes.count
    return .written
  }

  private mutating func snapshot(_ bytes: [UInt8], isFirst: Bool, isLast: Bool) -> Outcome {
    do throws(SystemError) {
      if isFirst {
        next = nil
        next = try folder.create(Self.newName)
        nextEnd = 0
      }
      guard let next else { throw SystemError.isLost(Self.newName) }
      try next.write(bytes, at: nextEnd)
      nextEnd += bytes.count
      guard isLast else { return .written }
      try next.flush()
      if keepsOld {
        try folder.keep(Self.name, as: Self.damagedName)
        keepsOld = false
      }
      try folder.rename(Self.newName, to: Self.name)
      self.next = nil
      journal = next
      end = nextEnd
    } catch {
      next = nil
      try? folder.remove(Self.newName)
      return .failed(error, losesFile: journal == nil)
    }
    do throws(SystemError) {
      try folder.flush()
      return .written
    } catch {
      // After a crash the name may still be the older file's: nothing may be appended to this one.
      journal = nil
      return .failed(error, losesFile: true)
    }
  }
}

/// A part of a file in memory: what is asked for mostly follows what was asked for before.
private struct FileWindow<File: DataFile> {
  private static var size: Int { 1 << 20 }

  let file: File
  let size: Int
  private var start = 0
  private var held: [UInt8] = []

  init(file: File, size: Int) {
    self.file = file
    self.size = size
  }

  mutating func bytes(_ range: Range<Int>) throws(SystemError) -> [UInt8] {
    if range.lowerBound < start || range.upperBound > start + held.count {
      let end = min(size, max(range.upperBound, range.lowerBound + Self.size))
      held = try file.read(range.lowerBound..<end)
      start = range.lowerBound
    }
    let end = min(range.upperBound - start, held.count)
    return Array(held[min(range.lowerBound - start, end)..<end])
  }
}
