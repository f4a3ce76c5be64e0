import Glibc

@main
struct Main {
  static func main() async {
    let words = Array(CommandLine.arguments.dropFirst())
    exit(await Program.run(words, in: StandardStreams.shell()).rawValue)
  }
}
