// swift-tools-version: 6.2
// A package of somebody else's: it has nothing but the public product. `run` copies it away from here
// and says where the package "cluster" is.
import PackageDescription

let package = Package(
  name: "shop",
  dependencies: [.package(name: "cluster", path: "CLUSTER")],
  targets: [
    .testTarget(
      name: "CartTests", dependencies: [.product(name: "ClusterSimulation", package: "cluster")]),
    .testTarget(  // all its files are what `snippets` finds
      name: "ArticleTests", dependencies: [.product(name: "ClusterSimulation", package: "cluster")]),
  ],
  swiftLanguageModes: [.v6]
)
