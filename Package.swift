// swift-tools-version: 6.2
import PackageDescription

/// Settings of every Swift target: Swift 6 mode, no accidental re-exports, warnings are errors.
let house: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

/// Numeric rooms are optimised in debug builds too: a test over one second of audio is 2.7 GFLOP.
let numeric: [SwiftSetting] = house + [.unsafeFlags(["-O"], .when(configuration: .debug))]
let kernel: [CSetting] = [.unsafeFlags(["-O3", "-fno-math-errno"])]

/// Templates, style and scripts of report.html.
let reportParts = [
    "report.mustache", "opening.mustache", "gates.mustache", "bar.mustache", "charts.mustache", "segments.mustache",
    "findings.mustache", "report.css", "data.js", "player.js", "blind.js", "explorer.js",
]

let mustache: Target.Dependency = .product(name: "Mustache", package: "swift-mustache")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")
let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
    name: "CodecGate",
    products: [
        .library(
            name: "CodecGate",
            targets: [
                "NumericCore", "AudioIO", "SignalProcessing", "NeuralNetwork", "EnCodec", "FeaturePipeline",
                "Autoencoder", "Verification", "VerificationSuite",
            ]),
        .executable(name: "codecgate", targets: ["codecgate"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.0.0"),
    ],
    targets: [
        // Layer 0: system libraries and the one C target of our own (instruction-set specific kernels).
        .systemLibrary(name: "CFFTW", pkgConfig: "fftw3f", providers: [.apt(["libfftw3-dev"])]),
        .systemLibrary(name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
        .systemLibrary(name: "CSndFile", pkgConfig: "sndfile", providers: [.apt(["libsndfile1-dev"])]),
        .systemLibrary(
            name: "CLibAV", pkgConfig: "libavformat",
            providers: [.apt(["libavformat-dev", "libavcodec-dev", "libavutil-dev", "libswresample-dev"])]),
        .systemLibrary(name: "CSoxr", pkgConfig: "soxr", providers: [.apt(["libsoxr-dev"])]),
        .systemLibrary(name: "CLibXML", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .target(name: "CKernels", cSettings: kernel),

        // Layer 1
        .target(
            name: "NumericCore", dependencies: ["CFFTW", "COpenBLAS", "CZlib", "CKernels"], swiftSettings: numeric),

        // Layer 2
        .target(name: "AudioIO", dependencies: ["NumericCore", "CSndFile", "CLibAV", "CSoxr"], swiftSettings: house),
        .target(name: "SignalProcessing", dependencies: ["NumericCore"], swiftSettings: numeric),
        .target(name: "NeuralNetwork", dependencies: ["NumericCore"], swiftSettings: numeric),
        .target(
            name: "Verification", dependencies: ["NumericCore", "CLibXML", mustache, yams],
            resources: [.embedInCode("Gates/gates.yaml")] + reportParts.map { .embedInCode("Reports/Templates/\($0)") },
            swiftSettings: numeric),

        // Layer 3
        .target(
            name: "EnCodec", dependencies: ["NeuralNetwork", "NumericCore"], resources: [.copy("Resources/mini")],
            swiftSettings: numeric),

        // Layer 4
        .target(
            name: "FeaturePipeline",
            dependencies: ["EnCodec", "SignalProcessing", "AudioIO", "NumericCore"], swiftSettings: numeric),
        .target(
            name: "Autoencoder", dependencies: ["NeuralNetwork", "FeaturePipeline", "NumericCore"],
            swiftSettings: numeric),

        // Layer 5
        .target(
            name: "VerificationSuite",
            dependencies: [
                "Verification", "EnCodec", "FeaturePipeline", "Autoencoder", "SignalProcessing", "NeuralNetwork",
                "AudioIO",
                "NumericCore",
            ],
            swiftSettings: house),

        // Layer 6
        .executableTarget(
            name: "codecgate",
            dependencies: [
                "VerificationSuite", "Verification", "Autoencoder", "FeaturePipeline", "EnCodec", "SignalProcessing",
                "AudioIO", "NeuralNetwork", "NumericCore", argumentParser,
            ],
            swiftSettings: house),

        // Tests
        .target(
            name: "TestSupport", dependencies: ["NumericCore"], path: "Tests/TestSupport", swiftSettings: numeric),
        .testTarget(name: "NumericCoreTests", dependencies: ["NumericCore", "TestSupport"], swiftSettings: house),
        .testTarget(name: "AudioIOTests", dependencies: ["AudioIO", "TestSupport"], swiftSettings: house),
        .testTarget(name: "VerificationTests", dependencies: ["Verification", "TestSupport"], swiftSettings: house),
        .testTarget(
            name: "SignalProcessingTests", dependencies: ["SignalProcessing", "TestSupport"], swiftSettings: house),
        .testTarget(name: "NeuralNetworkTests", dependencies: ["NeuralNetwork", "TestSupport"], swiftSettings: house),
        .testTarget(
            name: "EnCodecTests", dependencies: ["EnCodec", "Verification", "TestSupport"], swiftSettings: house),
        .testTarget(
            name: "FeaturePipelineTests", dependencies: ["FeaturePipeline", "EnCodec", "AudioIO", "TestSupport"],
            swiftSettings: house),
        .testTarget(
            name: "AutoencoderTests", dependencies: ["Autoencoder", "NeuralNetwork", "FeaturePipeline", "TestSupport"],
            swiftSettings: house),
        .testTarget(
            name: "VerificationSuiteTests", dependencies: ["VerificationSuite", "EnCodec", "TestSupport"],
            swiftSettings: house),
        .testTarget(
            name: "CommandLineTests", dependencies: ["codecgate", "EnCodec", "AudioIO", "TestSupport"],
            swiftSettings: house),
    ]
)

if Context.environment["CODECGATE_DOCS"] != nil {
    // Only `make docs` needs the plugin; normal builds do not fetch it.
    package.dependencies.append(.package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0"))
}
