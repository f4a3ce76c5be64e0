package import ClusterCore

/// What a transport drives: one member. All of it is called on the loop's thread only.
package protocol TransportHandler: AnyObject {
  /// Takes in what has happened, in order, and says what is to be done about it.
  ///
  /// The transport itself carries out `send`, `connect`, `sendFrame` and `closeStream`.
  func handle(_ inputs: [Input], at now: Moment, into effects: inout [Effect])

  /// Does everything else: `resolve`, `publish`, `changed`, `flush`, `finish`, in order, after what
  /// the transport had to do. Not called without effects.
  func perform(_ effects: [Effect])

  /// When to call again at the latest; asked after each `handle`. `.distantFuture` is never.
  var nextWake: Instant { get }
}
