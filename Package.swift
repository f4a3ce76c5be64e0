// swift-tools-version: 6.2
// The arrows of the house, in the order in which they may be followed:
//
//   ClusterCore <- ClusterSimulation <- simulate
//   ClusterCore <- Cluster <- ClusterAdmin <- cluster
//                  Cluster -> CClusterLinux
import PackageDescription

/// Every target: upcoming language rules on, every warning an error.
let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

/// Targets without I/O: the word `unsafe` cannot occur in them unnoticed either.
let pure: [SwiftSetting] = strict + [.strictMemorySafety()]

let package = Package(
  name: "cluster",
  products: [
    .library(name: "Cluster", targets: ["Cluster"]),
    .library(name: "ClusterCore", targets: ["ClusterCore"]),
    .library(name: "ClusterAdmin", targets: ["ClusterAdmin"]),
    .library(name: "ClusterSimulation", targets: ["ClusterSimulation"]),
    .executable(name: "cluster", targets: ["ClusterCommand"]),
    .executable(name: "simulate", targets: ["simulate"]),
  ],
  targets: [
    .target(name: "ClusterCore", swiftSettings: pure),
    .target(name: "CClusterLinux"),
    .target(name: "Cluster", dependencies: ["ClusterCore", "CClusterLinux"], swiftSettings: strict),
    .target(
      name: "ClusterAdmin", dependencies: ["ClusterCore", "Cluster"],
      resources: [
        .embedInCode("Dashboard/dashboard.html"), .embedInCode("Dashboard/dashboard.css"),
        .embedInCode("Dashboard/dashboard.js"),
      ], swiftSettings: strict),
    .target(name: "ClusterSimulation", dependencies: ["ClusterCore"], swiftSettings: pure),
    .executableTarget(
      name: "ClusterCommand", dependencies: ["Cluster", "ClusterAdmin"], swiftSettings: strict),
    .executableTarget(
      name: "simulate", dependencies: ["ClusterSimulation", "ClusterCore"], path: "Simulations",
      exclude: ["Corpus", "Faults", "Scenarios", "golden.hashes"], sources: ["Command", "Experiments"],
      swiftSettings: strict),

    .testTarget(name: "ClusterCoreTests", dependencies: ["ClusterCore"], swiftSettings: strict),
    .testTarget(
      name: "ClusterSimulationTests", dependencies: ["ClusterSimulation"], swiftSettings: strict),
    .testTarget(
      name: "SimulateTests", dependencies: ["simulate", "ClusterSimulation"],
      swiftSettings: strict),
    .testTarget(name: "ClusterTests", dependencies: ["Cluster"], swiftSettings: strict),
    .testTarget(
      name: "ClusterAdminTests", dependencies: ["ClusterAdmin", "Cluster"], swiftSettings: strict),
    .testTarget(
      name: "ClusterCommandTests", dependencies: ["ClusterCommand"], swiftSettings: strict),
    .testTarget(name: "RepositoryTests", swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)
