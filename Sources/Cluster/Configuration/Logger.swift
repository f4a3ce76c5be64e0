/// Where a member's log lines go: to the embedder's closure, or formatted to standard error.
package struct Logger: Sendable {
  /// The lowest level that is logged.
  package let minimum: LogLevel
  private let handler: @Sendable (LogLevel, String, [String: String]) -> Void

  /// Creates the log that a configuration asks for.
  package init(_ configuration: ClusterConfiguration) {
    minimum = configuration.logLevel
    if let handler = configuration.logHandler {
      self.handler = handler
    } else {
      let formatter = LogFormatter(format: configuration.logFormat, member: configuration.name)
      handler = { level, message, metadata in
        StandardErrorLog.append(
          formatter.line(
            level, message, metadata, wallMilliseconds: Clock.now().wallMilliseconds))
      }
    }
  }

  /// Logs one line, if its level is logged. The metadata is not made otherwise.
  package func log(
    _ level: LogLevel, _ message: String, _ metadata: @autoclosure () -> [String: String] = [:]
  ) {
    guard level >= minimum else { return }
    handler(level, message, metadata())
  }
}
