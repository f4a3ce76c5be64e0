import Glibc

/// A thread that may block, which tasks must not.
public struct Thread {
  private final class Body: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  private let body: Body

  /// A thread that will run this.
  public init(_ run: @escaping @Sendable () -> Void) { body = Body(run) }

  /// Starts it; it ends when what it runs does.
  public func start() {
    var thread = pthread_t()
    pthread_create(
      &thread, nil,
      { pointer in
        guard let pointer else { return nil }
        Unmanaged<Body>.fromOpaque(pointer).takeRetainedValue().run()
        return nil
      }, Unmanaged.passRetained(body).toOpaque())
    pthread_detach(thread)
  }
}
