import Cluster

/// The page that browsers get at `/`: one document, which asks nobody but the member that served it.
///
/// Its sources lie beside this file and are compiled in, so that a static binary needs no files. The
/// policy names style and script by their digests: nothing else runs, whatever a key, a value or a
/// peer's report holds.
enum Dashboard {
  /// The page.
  static let page: Response = {
    let style = PackageResources.dashboard_css
    let script = PackageResources.dashboard_js
    var body = PackageResources.dashboard_html
    body.replace("/*STYLE*/", with: style)
    body.replace("/*SCRIPT*/", with: script)
    var response = Response(.ok, body: body)
    response.add(.contentType, "text/html; charset=utf-8")
    response.add(
      .contentSecurityPolicy,
      FieldValue(
        "default-src 'none'; connect-src 'self'; img-src data:; style-src \(digest(style)); "
          + "script-src \(digest(script)); base-uri 'none'; form-action 'none'; "
          + "frame-ancestors 'none'; require-trusted-types-for 'script'"))
    response.add(.referrerPolicy, "no-referrer")
    return response
  }()

  private static func digest(_ bytes: [UInt8]) -> String {
    "'sha256-\(String(decoding: Base64.encoded(SHA256.digest(of: bytes)), as: UTF8.self))'"
  }
}

extension [UInt8] {
  /// Puts bytes in the place of the only occurrence of a text.
  fileprivate mutating func replace(_ text: String, with bytes: [UInt8]) {
    let mark = Array(text.utf8)
    guard let start = indices.first(where: { self[$0...].starts(with: mark) }) else { return }
    replaceSubrange(start..<(start + mark.count), with: bytes)
  }
}
