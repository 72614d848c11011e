// swift-tools-version: 6.2
import PackageDescription

/// What every Swift target is compiled with: the checks of the coming language mode, as errors.
let checked: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let asyncHTTPClient: Target.Dependency = .product(name: "AsyncHTTPClient", package: "async-http-client")
let configuration: Target.Dependency = .product(name: "Configuration", package: "swift-configuration")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let deque: Target.Dependency = .product(name: "DequeModule", package: "swift-collections")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let hummingbirdHTTP2: Target.Dependency = .product(name: "HummingbirdHTTP2", package: "hummingbird")
let hummingbirdCore: Target.Dependency = .product(name: "HummingbirdCore", package: "hummingbird")
let httpTypes: Target.Dependency = .product(name: "HTTPTypes", package: "swift-http-types")
let inMemoryLogging: Target.Dependency = .product(name: "InMemoryLogging", package: "swift-log")
let jwtKit: Target.Dependency = .product(name: "JWTKit", package: "jwt-kit")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let metrics: Target.Dependency = .product(name: "Metrics", package: "swift-metrics")
let coreMetrics: Target.Dependency = .product(name: "CoreMetrics", package: "swift-metrics")
let metricsTestKit: Target.Dependency = .product(name: "MetricsTestKit", package: "swift-metrics")
let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioHTTP1: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let nioHTTPTypes: Target.Dependency = .product(name: "NIOHTTPTypes", package: "swift-nio-extras")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioSSL: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")
let nioTLS: Target.Dependency = .product(name: "NIOTLS", package: "swift-nio")
let serviceLifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let serviceContext: Target.Dependency = .product(name: "ServiceContextModule", package: "swift-service-context")
let tracing: Target.Dependency = .product(name: "Tracing", package: "swift-distributed-tracing")
let instrumentation: Target.Dependency = .product(name: "Instrumentation", package: "swift-distributed-tracing")
let inMemoryTracing: Target.Dependency = .product(name: "InMemoryTracing", package: "swift-distributed-tracing")
let unixSignals: Target.Dependency = .product(name: "UnixSignals", package: "swift-service-lifecycle")

func library(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
    .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: checked)
}

func program(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(name: name, dependencies: dependencies + [argumentParser], swiftSettings: checked)
}

func tests(
    _ name: String, _ dependencies: [Target.Dependency], exclude: [String] = [], resources: [Resource] = []
) -> Target {
    .testTarget(
        name: name, dependencies: dependencies + ["TestSupport"], exclude: exclude, resources: resources,
        swiftSettings: checked)
}

func benchmark(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(
        name: name, dependencies: dependencies + [argumentParser], path: "Sources/Benchmarks/\(name)",
        swiftSettings: checked)
}

/// The steps that run inside Redis, each one atomic.
let queueScripts: [Resource] = [
    "admit", "audit", "bury", "cancel", "check_claims", "check_letters", "claim", "copies", "count_part", "dead_page",
    "discard", "end_chord", "fence", "finish", "fire", "forget", "give_back", "lead", "lists", "overdue", "promote",
    "purge", "record", "renew", "rescue", "resign", "return_arriving", "return_start", "revive", "scan", "schedule",
    "settle", "share", "statistics", "store_result", "take_back", "take_starts",
].map { .embedInCode("Scripts/\($0).lua") }

let verificationScripts: [Resource] = [
    "accounts", "attempt", "charge", "check", "confirm", "deliveries", "ended", "issue", "limits", "refund", "report",
    "reserve", "resolve", "start", "take_back", "uses", "withdraw",
].map { .embedInCode("Scripts/\($0).lua") }

/// A target's name, and those of the targets that it needs, directly or through others.
func namesNeeded(by name: String, among targets: [Target]) -> Set<String> {
    let direct = targets.first { $0.name == name }?.dependencies ?? []
    return direct.reduce(into: [name]) { names, dependency in
        if case .byNameItem(let next, _) = dependency { names.formUnion(namesNeeded(by: next, among: targets)) }
    }
}

let package = Package(
    name: "sms-queue",
    products: [
        .library(name: "RedisClient", targets: ["RedisClient"]),
        .library(name: "TaskQueue", targets: ["TaskQueue"]),
        .executable(name: "sms-api", targets: ["sms-api"]),
        .executable(name: "sms-worker", targets: ["sms-worker"]),
        .executable(name: "sms-queue", targets: ["sms-queue"]),
        .executable(name: "sms-sandbox", targets: ["sms-sandbox"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: []),
        .package(url: "https://github.com/apple/swift-crypto", "3.12.3"..<"5.0.0"),
        .package(url: "https://github.com/apple/swift-distributed-tracing.git", from: "1.4.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0", traits: []),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras.git", from: "1.34.1"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-service-context.git", from: "1.3.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.1"),
    ],
    targets: [
        // The Redis client: hiredis underneath, one event loop thread, Swift values on top.
        .systemLibrary(name: "CHiredis", providers: [.apt(["libhiredis-dev"])]),
        .target(name: "CHiredisShim", dependencies: ["CHiredis"]),
        library(
            "RedisClient", ["CHiredis", "CHiredisShim", deque, logging, nioCore, nioPosix, nioSSL, nioTLS]),

        // The task queue: Celery's wire, claims, retries, dead letters. Knows nothing of SMS.
        .systemLibrary(name: "CBzip2", providers: [.apt(["libbz2-dev"])]),
        .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
        library(
            "TaskQueue",
            [
                "CBzip2", "CZlib", "RedisClient", coreMetrics, crypto, instrumentation, logging, metrics,
                serviceContext, serviceLifecycle, tracing,
            ], resources: queueScripts),

        // The domain, and the two crafts it leans on.
        library(
            "SMSVerification", ["TaskQueue", "RedisClient", crypto, jwtKit, logging, metrics],
            resources: verificationScripts),
        .target(name: "CFreeType"),
        .systemLibrary(name: "CPNG", providers: [.apt(["libpng-dev"])]),
        library("CaptchaImage", ["CFreeType", "CPNG"]),
        library("SMSProviders", [asyncHTTPClient, crypto, nioCore, nioHTTP1, nioPosix]),

        // What every daemon shares, then one library for each program.
        library(
            "Operations",
            [
                "RedisClient", argumentParser, configuration, coreMetrics, hummingbird, hummingbirdCore, logging,
                nioCore, nioHTTPTypes, serviceLifecycle, unixSignals,
            ]),
        library(
            "TraceExport",
            [
                asyncHTTPClient, instrumentation, logging, metrics, nioCore, nioHTTP1, serviceContext, serviceLifecycle,
                tracing,
            ]),
        library(
            "VerificationAPI",
            [
                "SMSVerification", "SMSProviders", "CaptchaImage", "Operations", "RedisClient", "TaskQueue",
                "TraceExport",
                coreMetrics, httpTypes, hummingbird, hummingbirdCore, hummingbirdHTTP2, logging, metrics, nioCore,
                nioHTTPTypes, nioPosix, nioSSL, nioTLS, serviceContext, serviceLifecycle, tracing,
            ],
            resources: [.embedInCode("Assets")]),
        library(
            "DeliveryWorker",
            [
                "SMSVerification", "SMSProviders", "Operations", "RedisClient", "TaskQueue", "TraceExport",
                asyncHTTPClient, coreMetrics, deque, logging, metrics, nioCore, serviceLifecycle, tracing,
            ]),
        library(
            "SandboxGateway",
            [
                "Operations", asyncHTTPClient, crypto, deque, hummingbird, httpTypes, logging, nioCore, nioHTTP1,
                nioPosix, serviceLifecycle,
            ],
            resources: [.embedInCode("Assets")]),
        library(
            "QueueTool",
            [
                "SMSVerification", "TaskQueue", "RedisClient", "Operations", argumentParser, httpTypes, hummingbird,
                hummingbirdCore, logging, nioCore, serviceLifecycle, unixSignals,
            ],
            resources: [.embedInCode("Web/Assets")]),

        program("sms-api", ["VerificationAPI", "Operations"]),
        program("sms-worker", ["DeliveryWorker", "Operations"]),
        program("sms-queue", ["QueueTool"]),
        program("sms-sandbox", ["SandboxGateway", "Operations"]),

        .target(
            name: "TestSupport", path: "Tests/TestSupport",
            swiftSettings: checked),
        tests("RedisClientTests", ["RedisClient", logging]),
        tests(
            "TaskQueueTests",
            [
                "TaskQueue", "RedisClient", inMemoryTracing, logging, metricsTestKit, serviceLifecycle, tracing,
            ], resources: [.copy("Samples")]),
        tests(
            "SMSVerificationTests",
            [
                "SMSVerification", "TaskQueue", "RedisClient", crypto, inMemoryLogging, jwtKit, logging, metricsTestKit,
            ]),
        tests(
            "QueueToolTests",
            [
                "sms-queue", "QueueTool", "SMSVerification", "TaskQueue", "RedisClient", asyncHTTPClient, logging,
                nioCore, nioHTTP1,
            ]),
        tests("CaptchaImageTests", ["CaptchaImage", "CPNG"]),
        tests(
            "SMSProvidersTests", ["SMSProviders", asyncHTTPClient, nioCore, nioHTTP1, nioPosix],
            exclude: ["VendorSignatures/check.py"], resources: [.copy("Resources")]),
        tests(
            "OperationsTests",
            [
                "Operations", asyncHTTPClient, configuration, coreMetrics, logging, metrics, nioCore, nioHTTP1,
                serviceLifecycle,
            ]),
        tests(
            "TraceExportTests", ["TraceExport", logging, nioCore, nioHTTP1, nioPosix, serviceContext, tracing]),
        tests(
            "VerificationAPITests",
            [
                "VerificationAPI", "SMSVerification", "SMSProviders", "CaptchaImage", "Operations", "RedisClient",
                "TaskQueue", asyncHTTPClient, crypto, httpTypes, hummingbird, inMemoryLogging, logging, metricsTestKit,
                nioCore, nioHTTP1, nioPosix,
            ]),
        tests(
            "DeliveryWorkerTests",
            [
                "DeliveryWorker", "SandboxGateway", "SMSProviders", "SMSVerification", "Operations", "TaskQueue",
                "RedisClient", asyncHTTPClient, inMemoryLogging, logging, metricsTestKit, serviceLifecycle,
            ]),
        tests(
            "SandboxGatewayTests",
            [
                "SandboxGateway", "SMSProviders", "Operations", asyncHTTPClient, crypto, httpTypes, hummingbird,
                logging, nioCore, nioHTTP1, serviceLifecycle,
            ]),
        tests(
            "CeleryTests", ["TaskQueue", "RedisClient", logging, serviceLifecycle],
            exclude: ["Python/client.py", "Python/shared_tasks.py"]),
        .executableTarget(
            name: "GreetingExample", dependencies: ["TaskQueue", "RedisClient", logging, serviceLifecycle],
            path: "Tests/GreetingExample", swiftSettings: [.treatAllWarnings(as: .error)]),
        tests(
            "EndToEndTests", ["GreetingExample", asyncHTTPClient, crypto, nioCore, nioHTTP1],
            exclude: [
                "Browser", "Celery/send.py", "Celery/tutorial_app.py", "Interface/real_flows.py",
                "Tracing/collector.py", "Tracing/traced_send.py", "requirements.txt",
            ]),
        .executableTarget(
            name: "CrashTestWorker",
            dependencies: ["TaskQueue", "RedisClient", logging, serviceLifecycle, unixSignals],
            path: "Tests/CrashTestWorker", swiftSettings: checked),
        tests("CrashTests", ["CrashTestWorker", "TaskQueue", "RedisClient", logging]),
    ],
    swiftLanguageModes: [.v6]
)

// Built by Scripts/bench alone: everybody else is spared them.
if Context.environment["SMS_BENCHMARKS"] != nil {
    package.targets += [
        .executableTarget(
            name: "CRedisBenchmark", dependencies: ["CHiredis"], path: "Sources/Benchmarks/CRedisBenchmark",
            linkerSettings: [.linkedLibrary("hiredis")]),
        benchmark("RedisBenchmark", ["RedisClient", logging]),
        .executableTarget(
            name: "CQueueBenchmark", dependencies: ["CHiredis"], path: "Sources/Benchmarks/CQueueBenchmark",
            linkerSettings: [.linkedLibrary("hiredis")]),
        benchmark("QueueBenchmark", ["Operations", "RedisClient", "TaskQueue", "TraceExport", coreMetrics, logging]),
        benchmark("CaptchaBenchmark", ["CaptchaImage"]),
    ]
}

// `Scripts/fuzz` sets SMS_FUZZING: without libFuzzer, which only it asks for, the fuzzer has no main function.
if Context.environment["SMS_FUZZING"] != nil {
    package.targets.append(
        .executableTarget(
            name: "ReplyReaderFuzzer", dependencies: ["RedisClient"], path: "Tests/ReplyReaderFuzzer",
            swiftSettings: checked))
}

// `SMS_ONLY=RedisClientTests swift test` builds that target and what it needs, instead of all tests of the package.
// The dependencies stay as they are, and so does Package.resolved.
if let only = Context.environment["SMS_ONLY"] {
    let needed = namesNeeded(by: only, among: package.targets)
    package.products = []
    package.targets.removeAll { !needed.contains($0.name) }
}
