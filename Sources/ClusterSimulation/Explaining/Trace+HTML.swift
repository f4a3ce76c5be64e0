extension Trace {
  /// The run as one self-contained HTML page: a lane for each member, every message between them, the
  /// sides of partitions shaded, leaders, conflicts, losses, and the causes of what is selected. It is
  /// readable in light and dark, works by keyboard, and stays quick with a hundred thousand events.
  public var html: String { SpaceTimePage.html(self) }
}
