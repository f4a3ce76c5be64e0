/// Members of an object in one call each.
extension JSONWriter {
  /// Writes a member whose value is a text, or null.
  package mutating func member(_ name: StaticString, _ text: String?) {
    self.name(name)
    if let text { string(text) } else { null() }
  }

  /// Writes a member whose value is a whole number.
  package mutating func member(_ name: StaticString, _ number: Int) {
    self.name(name)
    self.number(number)
  }

  /// Writes a member whose value is a number, or null.
  package mutating func member(_ name: StaticString, _ number: Double?) {
    self.name(name)
    if let number { self.number(number) } else { null() }
  }

  /// Writes a member whose value is a truth value.
  package mutating func member(_ name: StaticString, _ value: Bool) {
    self.name(name)
    boolean(value)
  }

  /// Writes a member whose value is a list of texts, or null.
  package mutating func member(_ name: StaticString, _ texts: [String]?) {
    self.name(name)
    if let texts { array(texts) } else { null() }
  }
}
