// swift-tools-version: 6.2
// A member that is measured beside other systems: see README.md here. A package of its own, since it
// embeds the library as its users do.
import PackageDescription

let package = Package(
  name: "peer",
  dependencies: [.package(name: "cluster", path: "../..")],
  targets: [
    .executableTarget(
      name: "peer", dependencies: [.product(name: "Cluster", package: "cluster")],
      swiftSettings: [.treatAllWarnings(as: .error)])
  ],
  swiftLanguageModes: [.v6]
)
