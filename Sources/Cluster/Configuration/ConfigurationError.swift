/// Something in a configuration that is missing, malformed or contradictory.
///
/// The embedder or operator is to blame, and nothing was opened. `description` is one line that names
/// the setting and what is accepted; it shows no secret.
public struct ConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The property of `ClusterConfiguration`, such as `peers`.
  public let field: String
  /// The environment variable, such as `CLUSTER_PEERS`; none where there isn't one.
  public let variable: String?
  /// What was given; none when it is missing or secret.
  public let value: String?
  /// What is wrong, in a clause.
  public let problem: String
  /// What would be right.
  public let accepted: String

  /// The error in a line that doesn't name the setting.
  public var message: String { "\(problem); accepted: \(accepted)" }

  /// The error in one line, the variable or property first.
  public var description: String { "\(variable ?? field): \(message)" }

  package init(
    _ setting: ConfigurationSetting, value: String?, problem: String, accepted: String
  ) {
    self.field = setting.field
    self.variable = setting.variable
    self.value = setting.isSecret ? nil : value
    self.problem = problem
    self.accepted = accepted
  }

  init(field: String, value: String?, problem: String, accepted: String) {
    self.field = field
    self.variable = nil
    self.value = value
    self.problem = problem
    self.accepted = accepted
  }

  static func missing(_ setting: ConfigurationSetting) -> ConfigurationError {
    ConfigurationError(setting, value: nil, problem: "is missing", accepted: setting.accepted)
  }

  package static func malformed(_ setting: ConfigurationSetting, _ value: String)
    -> ConfigurationError
  {
    let shown = setting.isSecret ? "the value" : escaped(value)
    let problem = value.isEmpty ? "is set, but empty" : "\(shown) is not accepted"
    return ConfigurationError(setting, value: value, problem: problem, accepted: setting.accepted)
  }
}
