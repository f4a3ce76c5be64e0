import Cluster

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// The file with the token that changes need.
enum BearerToken {
  /// The longest token, in bytes.
  static let limit = 4_096

  /// Reads the token: the file's only line. Blanks and line ends around it don't count.
  static func read(path: String) throws(ConfigurationError) -> [UInt8] {
    guard let content = content(of: path) else {
      throw malformed(path, "the file cannot be read")
    }
    guard content.count <= limit else { throw malformed(path, "the file is too long") }
    let isBlank = { (byte: UInt8) in byte.isBlank || byte == 0x0A || byte == 0x0D }
    let token = content.drop(while: isBlank).reversed().drop(while: isBlank).reversed()
    guard !token.isEmpty, token.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
      throw malformed(path, "the file has no token that a header field can carry")
    }
    return Array(token)
  }

  private static func malformed(_ path: String, _ problem: String) -> ConfigurationError {
    ConfigurationError(
      .adminTokenFile, value: path, problem: problem,
      accepted: "a file with one line of 1 to \(limit) visible ASCII characters")
  }

  /// The first bytes of a file, one more than a token may have; none when it cannot be read.
  private static func content(of path: String) -> [UInt8]? {
    guard let file = fopen(path, "rbe") else { return nil }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: limit + 1)
    let count = fread(&bytes, 1, bytes.count, file)
    return ferror(file) == 0 ? Array(bytes.prefix(count)) : nil
  }
}
