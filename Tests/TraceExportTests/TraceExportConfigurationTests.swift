import Testing

@testable import TraceExport

struct TraceExportConfigurationTests {
    private func read(_ variables: [String: String]) throws -> TraceExportConfiguration? {
        try TraceExportConfiguration(program: "sms-api", variables: variables)
    }

    @Test func withoutAnEndpointNothingIsTraced() throws {
        #expect(try read([:]) == nil)
        #expect(try read(["OTEL_EXPORTER_OTLP_ENDPOINT": ""]) == nil)
        let endpoint = ["OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"]
        #expect(try read(endpoint.merging(["OTEL_SDK_DISABLED": "true"]) { $1 }) == nil)
        #expect(try read(endpoint.merging(["OTEL_TRACES_EXPORTER": "none"]) { $1 }) == nil)
    }

    @Test func theEndpointIsThatOfTracesOrABaseForAll() throws {
        #expect(try read(["OTEL_EXPORTER_OTLP_ENDPOINT": "http://c:1/x/"])?.endpoint == "http://c:1/x/v1/traces")
        #expect(
            try read(["OTEL_EXPORTER_OTLP_ENDPOINT": "http://c", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "https://t/y"])?
                .endpoint == "https://t/y")
        #expect(try read(["OTEL_TRACES_EXPORTER": "otlp"])?.endpoint == "http://localhost:4318/v1/traces")
    }

    @Test func theVariablesSayTheRest() throws {
        let configuration = try #require(
            try read([
                "OTEL_EXPORTER_OTLP_ENDPOINT": "http://c",
                "OTEL_EXPORTER_OTLP_HEADERS": "authorization=Bearer%20x, a=b",
                "OTEL_RESOURCE_ATTRIBUTES": "deployment.environment=test", "OTEL_BSP_SCHEDULE_DELAY": "100",
                "OTEL_TRACES_SAMPLER": "parentbased_traceidratio", "OTEL_TRACES_SAMPLER_ARG": "0.25",
                "OTEL_EXPORTER_OTLP_TIMEOUT": "2000", "OTEL_EXPORTER_OTLP_PROTOCOL": "http/json",
            ]))
        #expect(
            configuration.headers == [.init(name: "authorization", value: "Bearer x"), .init(name: "a", value: "b")])
        #expect(
            configuration.resource == [
                .init(key: "deployment.environment", value: "test"), .init(key: "service.name", value: "sms-api"),
            ])
        #expect(configuration.delay == .milliseconds(100))
        #expect(configuration.timeout == .seconds(2))
        #expect(configuration.sampler == Sampler(ratio: 0.25, followsParent: true))
        let named = try read([
            "OTEL_EXPORTER_OTLP_ENDPOINT": "http://c", "OTEL_SERVICE_NAME": "shop", "OTEL_RESOURCE_ATTRIBUTES": "a=1",
        ])
        #expect(named?.resource == [.init(key: "a", value: "1"), .init(key: "service.name", value: "shop")])
    }

    @Test(arguments: [
        ("OTEL_SDK_DISABLED", "yes"), ("OTEL_TRACES_EXPORTER", "zipkin"), ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"),
        ("OTEL_TRACES_SAMPLER", "sometimes"), ("OTEL_BSP_SCHEDULE_DELAY", "5s"),
        ("OTEL_EXPORTER_OTLP_HEADERS", "token"), ("OTEL_EXPORTER_OTLP_TIMEOUT", "0"),
        ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "collector:4318"), ("OTEL_RESOURCE_ATTRIBUTES", "a=%zz"),
    ])
    func whatMeansNothingIsNamed(_ variable: String, _ value: String) throws {
        let variables = ["OTEL_EXPORTER_OTLP_ENDPOINT": "http://c"].merging([variable: value]) { $1 }
        let error = try #require(throws: TraceSettingError.self) { try read(variables) }
        #expect(error.description.hasPrefix("\(variable)="))
        #expect(error.description.contains("expected"))
    }
}
