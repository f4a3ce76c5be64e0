/// The header fields of one request: ranges of the bytes that arrived, so that nothing is copied for
/// a field that nobody asks for. Names are compared without regard to case.
package struct Fields: Sendable, Equatable {
  private let bytes: [UInt8]
  private let entries: [Entry]

  /// Where one field's name and value are.
  struct Entry: Sendable, Equatable {
    var name: Range<Int>
    var value: Range<Int>
  }

  /// Creates the fields at `entries` of `bytes`.
  init(bytes: [UInt8], entries: [Entry]) {
    self.bytes = bytes
    self.entries = entries
  }

  /// How many there are.
  package var count: Int { entries.count }

  /// The values of the fields called `name`, which is given in lower case, in order of arrival.
  package func values(_ name: StaticString) -> [ArraySlice<UInt8>] {
    var values: [ArraySlice<UInt8>] = []
    for entry in entries where matches(entry.name, name) { values.append(bytes[entry.value]) }
    return values
  }

  /// The value of the only field called `name`; none when there is no such field, or several.
  package func only(_ name: StaticString) -> ArraySlice<UInt8>? {
    var found: ArraySlice<UInt8>?
    for entry in entries where matches(entry.name, name) {
      if found != nil { return nil }
      found = bytes[entry.value]
    }
    return found
  }

  /// The comma-separated elements of all fields called `name`, without the blanks around them and
  /// without empty ones.
  package func elements(_ name: StaticString) -> [ArraySlice<UInt8>] {
    var elements: [ArraySlice<UInt8>] = []
    for value in values(name) {
      for part in value.split(separator: UInt8(ascii: ",")) {
        let element = part.trimmingBlanks()
        if !element.isEmpty { elements.append(element) }
      }
    }
    return elements
  }

  private func matches(_ range: Range<Int>, _ name: StaticString) -> Bool {
    guard range.count == name.utf8CodeUnitCount else { return false }
    return bytes[range].equals(ignoringCase: name)
  }
}

extension ArraySlice<UInt8> {
  /// Whether these bytes are `text`, which is in lower case, but for the case of ASCII letters.
  package func equals(ignoringCase text: StaticString) -> Bool {
    guard count == text.utf8CodeUnitCount else { return false }
    return text.withUTF8Buffer { expected in
      zip(self, expected).allSatisfy { $0.asciiLowercased == $1 }
    }
  }

  /// The bytes without spaces and tabs at both ends.
  func trimmingBlanks() -> ArraySlice<UInt8> {
    guard let first = firstIndex(where: { !$0.isBlank }),
      let last = lastIndex(where: { !$0.isBlank })
    else { return [] }
    return self[first...last]
  }
}

extension UInt8 {
  /// The byte, an ASCII capital made small.
  var asciiLowercased: UInt8 { self >= 0x41 && self <= 0x5A ? self | 0x20 : self }

  /// A space or a tab.
  var isBlank: Bool { self == 0x20 || self == 0x09 }

  /// An ASCII digit.
  var isDigit: Bool { self >= 0x30 && self <= 0x39 }

  /// What a token, a method or a field's name for instance, may consist of (RFC 9110 §5.6.2).
  var isTokenCharacter: Bool {
    switch self {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    case 0x21, 0x23...0x27, 0x2A, 0x2B, 0x2D, 0x2E, 0x5E, 0x5F, 0x60, 0x7C, 0x7E: true
    default: false
    }
  }

  /// The value of a hexadecimal digit.
  var hexadecimalValue: UInt8? {
    switch self {
    case 0x30...0x39: self - 0x30
    case 0x41...0x46: self - 0x41 + 10
    case 0x61...0x66: self - 0x61 + 10
    default: nil
    }
  }
}
