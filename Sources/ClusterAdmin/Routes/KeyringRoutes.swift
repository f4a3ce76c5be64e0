import Cluster

/// What is asked about the keys that protect packets. Keys themselves never leave their file.
enum KeyringRoutes {
  static func show(_ call: Call) -> Response {
    let view = call.cluster.keyring
    return .json(.ok) { json in
      json.object { json in
        json.name("protected")
        json.boolean(!view.keys.isEmpty)
        json.name("expected")
        json.number(view.expected)
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
      json.name("fingerprint")
      json.string(key.fingerprint.description)
      json.name("primary")
      json.boolean(key.isPrimary)
      json.name("held")
      json.number(key.held)
      json.name("sealing")
      json.number(key.sealing)
    }
  }

  private static func write(_ member: KeyringView.Member, to json: inout JSONWriter) {
    json.object { json in
      json.name("name")
      json.string(member.name)
      json.name("live")
      json.boolean(member.isLive)
      json.name("seals")
      if let seals = member.seals { json.string(seals.description) } else { json.null() }
      json.name("accepts")
      if let accepts = member.accepts {
        json.array(accepts.map(\.description))
      } else {
        json.null()
      }
    }
  }
}
