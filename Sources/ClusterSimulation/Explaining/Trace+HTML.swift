extension Trace {
  /// x
  public var html: String { "" }
}
