import Cluster

/// What is asked about the keys that protect packets. Keys themselves never leave their file.
enum KeyringRoutes {
  static func show(_ call: Call) -> Response {
    let view = call.cluster.keyring
    return .json(.ok) { json in
      json.object { json in
        json.member("protected", !view.keys.isEmpty)
        json.member("expected", view.expected)
        json.name("keys")
        json.array { json in
          for key in view.keys { write(key, to: &json) }
        }
        json.name("members")
        json.array { json in
          for member in view.members { write(member, to: &json) }
        }
      }
    }
  }

  private static func write(_ key: KeyringView.Key, to json: inout JSONWriter) {
    json.object { json in
      json.member("fingerprint", key.fingerprint.description)
      json.member("primary", key.isPrimary)
      json.member("held", key.held)
      json.member("sealing", key.sealing)
    }
  }

  private static func write(_ member: KeyringView.Member, to json: inout JSONWriter) {
    json.object { json in
      json.member("name", member.name)
      json.member("live", member.isLive)
      json.member("seals", member.seals?.description)
      json.member("accepts", member.accepts?.map(\.description))
    }
  }
}
