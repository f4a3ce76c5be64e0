import Cluster

/// The configuration of `cluster node`: the environment, and flags of the same names laid over it.
enum NodeOptions {
  /// One option for each setting; the secret itself has none.
  static let all: [Command.Option] = ConfigurationSetting.allCases.compactMap { setting in
    setting.flag.map { flag in
      Command.Option(
        name: flag, placeholder: setting.placeholder,
        meaning: "\(setting.meaning) (default: \(setting.fallback))",
        suggestions: suggestions(setting),
        impliedValue: setting == .adminOpen ? "true" : nil)
    }
  }

  private static func suggestions(_ setting: ConfigurationSetting) -> [String] {
    switch setting {
    case .recovery: ["auto", "manual"]
    case .leadershipPolicy: ["any", "majority"]
    case .logLevel: LogLevel.allCases.map(\.rawValue)
    case .logFormat: LogFormat.allCases.map(\.rawValue)
    default: []
    }
  }

  /// The variables, for the help.
  static let variables: [Command.Entry] = ConfigurationSetting.allCases.map { setting in
    let flag = setting.flag.map { "as \($0)" }
    return Command.Entry(
      term: setting.variable, meaning: flag ?? "\(setting.meaning) (default: \(setting.fallback))")
  }

  /// The configuration that flags and environment amount to; flags win.
  static func configuration(
    _ arguments: Arguments, _ environment: [String: String]
  ) throws(ConfigurationError) -> ClusterConfiguration {
    var overlaid = environment
    for (setting, value) in given(arguments) { overlaid[setting.variable] = value }
    return try ClusterConfiguration(environment: overlaid)
  }

  /// An error in one line that names the flag or the variable, whichever said it.
  static func line(_ error: ConfigurationError, _ arguments: Arguments) -> String {
    let setting = given(arguments).first { $0.setting.variable == error.variable }?.setting
    let source = setting?.flag ?? error.variable ?? error.field
    return "\(arguments.path.joined(separator: " ")): \(source): \(error.message)"
  }

  /// What is probably a typing error: variables that begin like ours and aren't. What Kubernetes sets
  /// for a Service named `cluster` is left out.
  static func strangers(in environment: [String: String]) -> [String] {
    let known = ConfigurationSetting.allCases.map(\.variable)
    return environment.keys.sorted().filter { name in
      name.hasPrefix("CLUSTER_") && name != "CLUSTER_URL" && !known.contains(name)
        && !name.hasPrefix("CLUSTER_SERVICE_") && !name.hasPrefix("CLUSTER_PORT_")
    }.map { name in
      let guess = Resemblance.closest(to: name, among: known).map { "; did you mean \($0)?" } ?? ""
      return "\(name) is set, but means nothing" + guess
    }
  }

  private static func given(
    _ arguments: Arguments
  ) -> [(setting: ConfigurationSetting, value: String)] {
    ConfigurationSetting.allCases.compactMap { setting in
      setting.flag.flatMap { arguments.options[$0] }.map { (setting, $0) }
    }
  }
}
