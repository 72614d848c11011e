/// Where spans go and which: OpenTelemetry's own environment variables.
///
/// Source: <https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/> and
/// <https://opentelemetry.io/docs/specs/otel/protocol/exporter/>
public struct TraceExportConfiguration: Sendable, Equatable {
    /// Where the collector takes traces.
    var endpoint: String
    /// What each request carries, such as a token.
    var headers: [Header] = []
    var timeout = Duration.seconds(10)
    /// What tells this service from others: `service.name` and more.
    var resource: [Attribute]
    var sampler = Sampler()
    /// How long ended spans wait for others to go with.
    var delay = Duration.seconds(5)
    var mostWaiting = 2048
    var mostInBatch = 512

    /// The endpoint as logs may show it: without credentials and query.
    var shownEndpoint: String {
        let address = endpoint.prefix { $0 != "?" }
        guard let at = address.lastIndex(of: "@"), let scheme = address.firstRange(of: "://") else {
            return String(address)
        }
        return String(address[..<scheme.upperBound] + address[address.index(after: at)...])
    }

    struct Header: Sendable, Equatable {
        var name: String
        var value: String
    }

    struct Attribute: Sendable, Equatable {
        var key: String
        var value: String
    }

    /// Reads the variables.
    ///
    /// - Parameters:
    ///   - program: The service's name unless `OTEL_SERVICE_NAME` says otherwise.
    ///   - variables: The process' environment.
    /// - Returns: Nil when nothing is to be traced: no endpoint is named, or it is switched off.
    /// - Throws: ``TraceSettingError``, which names the variable.
    public init?(program: String, variables: [String: String]) throws(TraceSettingError) {
        let reader = VariableReader(variables: variables)
        guard try !reader.bool("OTEL_SDK_DISABLED") else { return nil }
        switch reader.text("OTEL_TRACES_EXPORTER") {
        case nil, "otlp": break
        case "none": return nil
        case let other?: throw TraceSettingError("OTEL_TRACES_EXPORTER", other, expected: "otlp or none")
        }
        guard let endpoint = try Self.endpoint(reader) else { return nil }
        self.endpoint = endpoint
        let `protocol` =
            reader.text("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL") ?? reader.text("OTEL_EXPORTER_OTLP_PROTOCOL")
        if let `protocol`, `protocol` != "http/json" {
            throw TraceSettingError(
                "OTEL_EXPORTER_OTLP_PROTOCOL", `protocol`, expected: "http/json, which every collector takes")
        }
        let (own, all) = ("OTEL_EXPORTER_OTLP_TRACES_HEADERS", "OTEL_EXPORTER_OTLP_HEADERS")
        for pair in try reader.pairs(reader.text(own) == nil ? all : own) {
            headers.append(Header(name: pair.key, value: pair.value))
        }
        let ownTimeout = try reader.milliseconds("OTEL_EXPORTER_OTLP_TRACES_TIMEOUT")
        let timeout = try reader.milliseconds("OTEL_EXPORTER_OTLP_TIMEOUT")
        self.timeout = ownTimeout ?? timeout ?? self.timeout
        resource = []
        for pair in try reader.pairs("OTEL_RESOURCE_ATTRIBUTES") {
            resource.append(Attribute(key: pair.key, value: pair.value))
        }
        if let name = reader.text("OTEL_SERVICE_NAME") {
            resource.removeAll { $0.key == "service.name" }
            resource.append(Attribute(key: "service.name", value: name))
        } else if !resource.contains(where: { $0.key == "service.name" }) {
            resource.append(Attribute(key: "service.name", value: program))
        }
        sampler = try Self.sampler(reader)
        delay = try reader.milliseconds("OTEL_BSP_SCHEDULE_DELAY") ?? delay
        mostWaiting = try reader.count("OTEL_BSP_MAX_QUEUE_SIZE") ?? mostWaiting
        mostInBatch = min(mostWaiting, try reader.count("OTEL_BSP_MAX_EXPORT_BATCH_SIZE") ?? mostInBatch)
    }

    private static func endpoint(_ reader: VariableReader) throws(TraceSettingError) -> String? {
        let (own, base) = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
        let variable = reader.text(own) == nil ? base : own
        guard let address = reader.text(variable) else {
            return reader.text("OTEL_TRACES_EXPORTER") == "otlp" ? "http://localhost:4318/v1/traces" : nil
        }
        guard address.hasPrefix("http://") || address.hasPrefix("https://") else {
            let isTelling = address.contains("@") || address.contains("?")
            throw TraceSettingError(
                variable, isTelling ? "…" : address, expected: "a URL such as http://127.0.0.1:4318")
        }
        if variable == own { return address }
        return address + (address.hasSuffix("/") ? "" : "/") + "v1/traces"
    }

    private static func sampler(_ reader: VariableReader) throws(TraceSettingError) -> Sampler {
        let variable = "OTEL_TRACES_SAMPLER"
        guard let name = reader.text(variable) else { return Sampler() }
        let followsParent = name.hasPrefix("parentbased_")
        switch followsParent ? String(name.dropFirst("parentbased_".count)) : name {
        case "always_on": return Sampler(ratio: 1, followsParent: followsParent)
        case "always_off": return Sampler(ratio: 0, followsParent: followsParent)
        case "traceidratio":
            return Sampler(ratio: try reader.ratio("OTEL_TRACES_SAMPLER_ARG") ?? 1, followsParent: followsParent)
        default:
            throw TraceSettingError(
                variable, name, expected: "always_on, always_off or traceidratio, also with parentbased_ in front")
        }
    }
}

/// A variable with a value that means nothing.
public struct TraceSettingError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The variable, its value and what it should be.
    public let description: String

    init(_ variable: String, _ value: String, expected: String) {
        description = "\(variable)=\(value): expected \(expected)"
    }
}
