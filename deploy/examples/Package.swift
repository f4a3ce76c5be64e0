// swift-tools-version: 6.2
// A program that embeds a member, and the bridges that it uses to the server ecosystem's logs, metrics
// and life cycle. A package of its own: the library itself depends on nothing. Copy what you need.
import PackageDescription

let package = Package(
  name: "cluster-examples",
  products: [.library(name: "ClusterBridges", targets: ["ClusterBridges"])],
  dependencies: [
    .package(name: "cluster", path: "../.."),
    .package(url: "https://github.com/apple/swift-log", from: "1.14.0"),
    .package(url: "https://github.com/apple/swift-metrics", from: "2.7.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.9.0"),
  ],
  targets: [
    .target(
      name: "ClusterBridges",
      dependencies: [
        .product(name: "Cluster", package: "cluster"),
        .product(name: "ClusterAdmin", package: "cluster"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "Metrics", package: "swift-metrics"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ]),
    .executableTarget(name: "orders", dependencies: ["ClusterBridges"]),
    .testTarget(
      name: "ClusterBridgesTests",
      dependencies: [
        "ClusterBridges",
        .product(name: "MetricsTestKit", package: "swift-metrics"),
        .product(name: "ServiceLifecycleTestKit", package: "swift-service-lifecycle"),
      ]),
  ],
  swiftLanguageModes: [.v6]
)
