/// Two of something: one for datagrams and one for frames, which never share a key or a counter.
struct ByPurpose<Value> {
  var datagrams: Value
  var frames: Value

  subscript(purpose: PacketKey.Purpose) -> Value {
    get {
      switch purpose {
      case .datagrams: datagrams
      case .frames: frames
      }
    }
    _modify {
      switch purpose {
      case .datagrams: yield &datagrams
      case .frames: yield &frames
      }
    }
  }
}
