/// The few things that are done with files: a directory of this machine, or a test's that fails.
protocol DataFolder: Sendable {
  associatedtype File: DataFile

  /// Opens a file; none when there is none of that name.
  func open(_ name: String) throws(SystemError) -> File?
  /// Creates a file, empty, in place of what there is of that name.
  func create(_ name: String) throws(SystemError) -> File
  /// Gives a file another name at one blow; what had that name is gone.
  func rename(_ name: String, to other: String) throws(SystemError)
  /// Gives a file a second name; what had that name is gone.
  func keep(_ name: String, as other: String) throws(SystemError)
  /// Removes a file, if there is one.
  func remove(_ name: String) throws(SystemError)
  /// Waits until names are on the disk.
  func flush() throws(SystemError)
}

/// One open file.
protocol DataFile: Sendable {
  /// Its size in bytes.
  func size() throws(SystemError) -> Int
  /// Some of its bytes; fewer where it ends.
  func read(_ range: Range<Int>) throws(SystemError) -> [UInt8]
  /// Writes all of these bytes at a place, or fails: then some of them may be there.
  func write(_ bytes: [UInt8], at offset: Int) throws(SystemError)
  /// Cuts it off.
  func truncate(to size: Int) throws(SystemError)
  /// Waits until what was written is on the disk.
  func flush() throws(SystemError)
}
