import ClusterCore

/// A running process: the member's core behind a reference.
///
/// A core is a value of more than a kilobyte with many parts. Behind a reference it is read in place,
/// and a copy of the world shares every core that neither side changes: a snapshot costs little, and
/// a fork copies the one core that goes on.
struct Process {
  private final class Storage {
    var core: Node
    init(_ core: Node) { self.core = core }

    func look<Result>(_ body: (inout Node) -> Result) -> Result { body(&core) }

    func handle(
      _ input: Input, at now: Moment, into effects: inout [Effect]
    ) -> Node.Glance {
      core.handle(input, at: now, into: &effects)
      return core.glance()
    }
  }

  private var storage: Storage

  /// A process with this core.
  init(_ core: Node) { storage = Storage(core) }

  /// Tells the core something, and looks at it afterwards.
  mutating func handle(
    _ input: Input, at now: Moment, into effects: inout [Effect]
  ) -> Node.Glance {
    if !isKnownUniquelyReferenced(&storage) { storage = Storage(storage.core) }
    return storage.handle(input, at: now, into: &effects)
  }

  /// Looks at the core in place. The body must not change it: `inout` is what keeps it from being
  /// copied, as reading a property of a class might.
  mutating func look<Result>(_ body: (inout Node) -> Result) -> Result {
    if !isKnownUniquelyReferenced(&storage) { storage = Storage(storage.core) }
    return storage.look(body)
  }

  /// Gives the core memory to write its next packet into.
  mutating func recycle(_ memory: consuming [UInt8]) { core.recycle(memory) }

  /// The member's core.
  var core: Node {
    _read { yield storage.core }
    _modify {
      if !isKnownUniquelyReferenced(&storage) { storage = Storage(storage.core) }
      yield &storage.core
    }
  }
}
