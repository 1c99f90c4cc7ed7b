// swift-tools-version: 6.1
import PackageDescription

/// A library target of the kernel; each has a README that opens it.
func library(
  _ name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = [],
  embedding scripts: [String] = [], cSettings: [CSetting]? = nil
) -> Target {
  .target(
    name: name, dependencies: dependencies, exclude: ["README.md"] + exclude,
    resources: scripts.map { .embedInCode($0) }, cSettings: cSettings)
}

/// The tests of one target; they reach its `package` declarations, so they build in release mode.
func tests(
  _ name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = []
) -> Target {
  .testTarget(
    name: "\(name)Tests", dependencies: [.init(stringLiteral: name)] + dependencies,
    path: "Tests/\(name)Tests", exclude: exclude)
}

let package = Package(
  name: "nabla",
  products: [.executable(name: "nabla", targets: ["nabla"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
  ],
  targets: [
    .systemLibrary(name: "CZeroMQ", providers: [.apt(["libzmq3-dev"])]),
    .systemLibrary(name: "CSQLite", providers: [.apt(["libsqlite3-dev"])]),
    .systemLibrary(name: "CLinux"),
    // Also in debug builds: what is inlined without being optimized has frames of megabytes, more than
    // the stack of a thread of the team.
    library(
      "CKernels", cSettings: [.unsafeFlags(["-O2", "-Wframe-larger-than=16384"])]),
    library("JSONText"),
    library("MatrixEngine", ["CKernels"]),
    library("Notation"),
    library(
      "Calculus", ["MatrixEngine", "Notation"], embedding: ["Script/arrays.js"]),
    library("Networks", ["Calculus", "MatrixEngine", "Notation", "JSONText"]),
    library(
      "Display", ["MatrixEngine", "JSONText", "Notation"],
      exclude: ["Figures/Raster/glyphs.py"]),
    library("Syntax", ["Notation"], exclude: ["grammar.txt"]),
    library(
      "Language",
      [
        "Syntax", "Notation", "Networks", "Calculus", "MatrixEngine", "Display", "JSONText",
        "CLinux",
      ],
      exclude: ["decisions.md"]),
    library(
      "Lessons",
      [
        "Language", "Syntax", "Notation", "Networks", "Calculus", "MatrixEngine", "Display",
        "JSONText",
      ], embedding: ["Exploring/lines.js", "Exploring/page.js"]),
    library(
      "Assistance", ["Language", "Syntax", "Notation", "Networks", "Display", "JSONText"],
      exclude: ["reference.md"]),
    library(
      "Session",
      ["Language", "Lessons", "Assistance", "Syntax", "Networks", "MatrixEngine", "Display"]),
    library("JupyterProtocol", ["JSONText", .product(name: "Crypto", package: "swift-crypto")]),
    library(
      "KernelServer",
      [
        "JupyterProtocol", "Session", "Language", "Assistance", "Syntax", "CZeroMQ", "CSQLite",
        "CLinux",
        "JSONText", "Display", "MatrixEngine",
        .product(name: "Logging", package: "swift-log"),
      ]),
    .executableTarget(
      name: "nabla",
      dependencies: [
        "KernelServer", "Session", "Assistance", "Language", "Syntax", "Networks",
        "JupyterProtocol",
        "JSONText",
        "Display",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
      ], exclude: ["README.md"],
      resources: [
        .embedInCode("KernelSpec/kernel.json"), .embedInCode("KernelSpec/logo-32x32.png"),
        .embedInCode("KernelSpec/logo-64x64.png"), .embedInCode("KernelSpec/logo-svg.svg"),
        .embedInCode("LabExtension/findings.js"),
        .embedInCode("LabExtension/formatting.js"),
        .embedInCode("LabExtension/nabla-mode.js"),
        .embedInCode("LabExtension/outputs.js"),
        .embedInCode("LabExtension/package.json"),
        .embedInCode("LabExtension/picture-hints.js"),
        .embedInCode("LabExtension/remoteEntry.js"),
        .embedInCode("LabExtension/tables.js"),
      ],
      // The executable carries Swift's libraries: it starts sooner and runs where there is no Swift. The
      // tests, which have no static form, are linked as usual, and both share one build.
      linkerSettings: [
        .unsafeFlags(["-static-stdlib"]), .linkedLibrary("_FoundationCShims"),
        .linkedLibrary("_FoundationCollections"), .linkedLibrary("swiftSynchronization"),
      ]),
    tests("Calculus", ["MatrixEngine", "Notation"]),
    tests("JSONText"),
    tests("MatrixEngine"),
    tests("Networks", ["Calculus", "MatrixEngine"]),
    tests("Display", ["MatrixEngine", "JSONText", "Notation"], exclude: ["Snapshots"]),
    .executableTarget(
      name: "TrainingBenchmark", dependencies: ["Networks", "MatrixEngine"],
      path: "Tests/Benchmarks/TrainingBenchmark"),
    .executableTarget(
      name: "FuzzLoop",
      dependencies: [
        "KernelServer", "Session", "Language", "Networks", "JupyterProtocol", "JSONText", "Display",
        "MatrixEngine", "CLinux",
      ], path: "Tests/Fuzz/FuzzLoop"),
    tests(
      "JupyterProtocol", ["JSONText", .product(name: "Crypto", package: "swift-crypto")]),
    tests(
      "KernelServer",
      [
        "JupyterProtocol", "JSONText", "Session", "Language", "Syntax", "Display", "MatrixEngine",
        "CZeroMQ", .product(name: "Logging", package: "swift-log"),
      ]),
    tests("Syntax", ["Notation", "JSONText", "Session", "Language"], exclude: ["Errors"]),
    tests(
      "Session",
      [
        "Language", "Lessons", "Assistance", "Syntax", "Networks", "Notation", "MatrixEngine",
        "Display",
        "JSONText",
      ],
      exclude: ["Errors", "Fixtures", "Snapshots"]),
    // Adds to the language from outside, without touching a source.
    .testTarget(
      name: "ExtensionTests",
      dependencies: [
        "Session", "Language", "Lessons", "Assistance", "Networks", "Calculus", "MatrixEngine",
        "Display", "JSONText", "Syntax", "Notation",
      ], path: "Tests/ExtensionTests"),
  ],
  swiftLanguageModes: [.v6]
)
