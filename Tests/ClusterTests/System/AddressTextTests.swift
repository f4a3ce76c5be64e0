import Cluster
import ClusterCore
import Testing

struct AddressTextTests {
  @Test(arguments: [
    ("1.2.3.4:7946", Address(family: .v4, high: 0, low: 0x0102_0304, port: 7_946)),
    ("0.0.0.0:0", .anyV4(port: 0)),
    ("255.255.255.255:65535", Address(family: .v4, high: 0, low: 0xFFFF_FFFF, port: 65_535)),
    ("[::]:1", .any(port: 1)),
    ("[::1]:7946", Address(family: .v6, high: 0, low: 1, port: 7_946)),
    (
      "[2001:db8::ff00:42:8329]:80",
      Address(family: .v6, high: 0x2001_0db8_0000_0000, low: 0x0000_ff00_0042_8329, port: 80)
    ),
  ])
  func `an address is read from its text and written back`(text: String, address: Address) {
    #expect(Address(parsing: text) == address)
    #expect(address.description == text)
  }

  @Test func `an IPv4 address in IPv6 form is an IPv4 address`() {
    #expect(Address(parsing: "[::ffff:1.2.3.4]:80")?.description == "1.2.3.4:80")
    #expect(Address(parsing: "[::FFFF:102:304]:80")?.description == "1.2.3.4:80")
    #expect(Address(parsing: "[::1.2.3.4]:80")?.family == .v6)
  }

  @Test(arguments: [
    "", ":", ":80", "1.2.3.4", "1.2.3.4:", "1.2.3.4:65536", "1.2.3.4:-1", "1.2.3.4:+1", "1.2.3:80",
    "1.2.3.4.5:80", "256.1.1.1:80", "01.2.3.4:80x", "localhost:80", "::1:80", "[::1]", "[::1]80",
    "[::1:80", "[1.2.3.4]:80", "[]:80", "[:::]:80", "[fe80::1%lo]:80", "1.2.3.4\0:80",
    " 1.2.3.4:80",
    "1.2.3.4:８０", "[::1]:80 ",
  ])
  func `what is no numeric address with a port is none`(text: String) {
    #expect(Address(parsing: text) == nil)
  }

  @Test func `loopback, any and link-local addresses are known`() {
    #expect(Address(parsing: "127.9.9.9:1")?.isLoopback == true)
    #expect(Address(parsing: "[::1]:1")?.isLoopback == true)
    #expect(Address(parsing: "128.0.0.1:1")?.isLoopback == false)
    #expect(Address(parsing: "[::]:1")?.isAny == true)
    #expect(Address(parsing: "[::1]:1")?.isAny == false)
  }
}

struct HostAndPortTests {
  @Test(arguments: [
    ("app-0.app:7946", "app-0.app", 7_946), ("1.2.3.4:1", "1.2.3.4", 1),
    ("[::1]:65535", "::1", 65_535),
    ("app", "app", 99), ("[::1]", "::1", 99), ("a_b.C:0080", "a_b.C", 80),
  ])
  func `a name or a number is read, with its port or the default`(
    text: String, host: String, port: UInt16
  ) throws {
    let parsed = try HostAndPort(parsing: text, defaultPort: 99)
    #expect(parsed == HostAndPort(host: host, port: port))
    #expect(try HostAndPort(parsing: parsed.description) == parsed)
  }

  @Test(arguments: [
    ("", HostAndPort.ParsingFailure.noHost), (":80", .noHost), ("app", .noPort), ("[::1]", .noPort),
    ("app:", .badPort("")), ("app:0", .badPort("0")), ("app:65536", .badPort("65536")),
    ("app:8o", .badPort("8o")), ("[::1]x", .badPort("x")), ("[::1", .badHost("[::1")),
    ("[app]:80", .badHost("app")), ("a b:80", .badHost("a b")), ("ä:80", .badHost("ä")),
    ("a/b:80", .badHost("a/b")), ("::1", .needsBrackets("::1")),
    ("2001:db8::1:80", .needsBrackets("2001:db8::1:80")),
  ])
  func `what can't be read says precisely why`(
    text: String, failure: HostAndPort.ParsingFailure
  ) {
    #expect(throws: failure) { try HostAndPort(parsing: text) }
  }

  @Test func `a failure's text names what is accepted`() {
    let failure = HostAndPort.ParsingFailure.badPort("99999")
    #expect("\(failure)" == "'99999' is not a port, expected 1 to 65535")
  }
}
