import ClusterCore

/// One stream of a loop: its socket, what waits to be sent, and what the poller watches of it.
final class StreamSocket {
  /// The socket.
  let descriptor: FileDescriptor
  /// What waits to be sent.
  var output = OutputBuffer()
  /// Whether the peer has said that nothing more comes.
  private(set) var inputHasEnded = false
  /// Whether the peer has been told so.
  private(set) var outputHasEnded = false
  /// What is watched; nil when nothing is, not even errors.
  private var watched: (readable: Bool, writable: Bool)?

  init(_ descriptor: consuming FileDescriptor) { self.descriptor = descriptor }

  /// Watches these and nothing else; false when the system can't.
  func watch(readable: Bool, writable: Bool, token: UInt64, _ poller: Poller) -> Bool {
    if let watched, watched == (readable, writable) { return true }
    defer { watched = (readable, writable) }
    if watched != nil {
      poller.change(descriptor, readable: readable, writable: writable, token: token)
      return true
    }
    let result: Void? = try? poller.add(
      descriptor, readable: readable, writable: writable, token: token)
    return result != nil
  }

  /// Sends what the system takes now.
  func flush() -> SystemCall { output.write(to: descriptor) }

  /// Reads what has come, as much as the buffer holds; done with zero is the end of input.
  func read(_ buffer: UnsafeMutableRawBufferPointer) -> SystemCall {
    let result = Socket.read(descriptor, buffer)
    if result == .done(0) { inputHasEnded = true }
    return result
  }

  /// Tells the peer that nothing more comes. Only the first call does.
  func endOutput() {
    guard !outputHasEnded else { return }
    outputHasEnded = true
    Socket.endOutput(descriptor)
  }
}
