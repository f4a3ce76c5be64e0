/// A file of keys, for those who only want to know which ones it holds.
package enum KeyFile {
  /// The most bytes that such a file has.
  package static let limit = KeySource.limit

  /// A file has no keys to be had.
  package struct Unusable: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String
  }

  /// The fingerprints of the keys in a file's text, that of the one that seals first.
  package static func fingerprints(in text: [UInt8]) throws(Unusable) -> [String] {
    let library: CryptoLibrary
    do throws(CryptoLibrary.Missing) {
      library = try CryptoLibrary.shared()
    } catch {
      throw Unusable(description: error.description)
    }
    do throws(KeyList.Malformed) {
      return try KeyList(file: text, library).fingerprints.map(\.description)
    } catch {
      throw Unusable(description: "\(error.problem); accepted: \(KeyList.accepted)")
    }
  }
}
