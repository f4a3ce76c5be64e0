/// One piece of what a member writes to its disk, whole as it is to lie in a file.
public struct JournalRecord: Equatable, Sendable {
  /// Where a piece goes.
  public enum Place: Equatable, Sendable {
    /// To the end of the journal; what came before it is there already.
    case log
    /// Into a file beside the journal. The first piece begins that file, empty; once the last one is
    /// on the disk, the file takes the journal's place, at one blow.
    case snapshot(isFirst: Bool, isLast: Bool)
  }

  /// Its number, counted from one in each start of the member.
  public var number: UInt64
  /// Where it goes.
  public var place: Place
  /// What is written, checksums and all.
  public var bytes: [UInt8]

  /// Creates a piece.
  public init(number: UInt64, place: Place, bytes: [UInt8]) {
    self.number = number
    self.place = place
    self.bytes = bytes
  }
}
