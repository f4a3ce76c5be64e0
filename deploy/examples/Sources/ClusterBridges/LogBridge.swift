import Cluster
import Logging

extension Cluster.Configuration {
  /// Sends every log line to swift-log instead of standard error. Levels have the same names; the
  /// logger's own level counts.
  public mutating func log(to logger: Logging.Logger) {
    logLevel = LogLevel(rawValue: logger.logLevel.rawValue) ?? .info
    logHandler = { level, message, metadata in
      logger.log(
        level: Logging.Logger.Level(rawValue: level.rawValue) ?? .info, "\(message)",
        metadata: metadata.mapValues { .string($0) }, source: "Cluster")
    }
  }
}
