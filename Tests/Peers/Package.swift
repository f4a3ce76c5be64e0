// swift-tools-version: 6.2
// Members that are measured beside other systems: see README.md here. A package of its own, since it
// embeds the library as its users do.
import PackageDescription

let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]

let package = Package(
  name: "peer",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "cluster", path: "../..")],
  targets: [
    .target(name: "Threading", swiftSettings: strict),
    .executableTarget(
      name: "peer",
      dependencies: ["Threading", .product(name: "Cluster", package: "cluster")],
      swiftSettings: strict),
    .executableTarget(
      name: "store-peer",
      dependencies: ["Threading", .product(name: "Cluster", package: "cluster")],
      swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)
