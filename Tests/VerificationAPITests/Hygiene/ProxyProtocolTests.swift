import InMemoryLogging
import Logging
import MetricsTestKit
import NIOCore
import Operations
import SMSVerification
import TestSupport
import Testing

@testable import VerificationAPI

/// Proxies that tell for whom they connect before anything else, by the PROXY protocol.
@Suite(.timeLimit(.minutes(5))) struct ProxyProtocolTests {
    private static let head = "\r\n\r\n\0\r\nQUIT\n"
    /// 10.0.2.1 and 10.0.2.2, port 80, as version 2 has them.
    private static let addresses = "\u{0A}\0\u{2}\u{1}\u{0A}\0\u{2}\u{2}\0P\0P"

    /// The service behind proxies on this machine, unless they are others; an address is shown one picture a minute.
    private func behindProxies(
        at proxies: String = "127.0.0.1", tls: ServerTLS? = nil, limits: ConnectionLimits = ConnectionLimits(),
        log: InMemoryLogHandler = InMemoryLogHandler(), _ body: (RunningAPI) async throws -> Void
    ) async throws {
        let range = try #require(AddressRange(proxies))
        try await withService(
            \.behindProxies, ([range], tls, limits), logger: Logger(label: "test", factory: { _ in log }), body)
    }

    private func serverTLS() async throws -> ServerTLS {
        let certificates = try await TLSCertificates.make()
        return try withExtendedLifetime(certificates) {
            try ServerTLS(certificateFile: certificates.server.certificate, keyFile: certificates.server.key)
        }
    }

    /// Sends one wish for a picture on a connection that begins so, and looks at the status of the answer; nil: the
    /// connection is closed instead.
    private func expect(
        _ status: String?, _ api: RunningAPI, _ beginning: String, head: String = "", slowly: Bool = false,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let connection = try api.connect()
        let text = beginning + rawPost("/v1/captchas", head: head + "Connection: close\r\n")
        if slowly {
            for character in text.unicodeScalars { connection.send(String(character)) }
        } else {
            connection.send(text)
        }
        let answer = try await connection.receiveToEnd()
        let found = answer.hasPrefix("HTTP/1.1 ") ? String(answer.dropFirst(9).prefix(3)) : nil
        #expect(found == status, "\(beginning)", sourceLocation: sourceLocation)
    }

    @Test func `The client that the header names is the one whom limits count`() async throws {
        try await behindProxies { api in
            let (one, other) = ("PROXY TCP4 192.0.2.1 198.51.100.1 56324 443\r\n", "PROXY TCP6 2001:db8::1 ::1 1 2\r\n")
            try await expect("201", api, one)
            try await expect("429", api, one, slowly: true)
            try await expect("429", api, one, head: "X-Forwarded-For: 192.0.2.9\r\n")
            try await expect("201", api, other, slowly: true)
            try await expect("429", api, other)
            let binary = "\(Self.head)!\u{11}\0\u{0C}\(Self.addresses)"
            try await expect("201", api, binary, slowly: true)
            try await expect("429", api, "PROXY TCP4 10.0.2.1 10.0.2.2 1 2\r\n")
            try await expect("429", api, "\(Self.head)!\u{11}\0\u{0F}\(Self.addresses)\u{4}\0\0")
        }
    }

    @Test func `A proxy that connects for itself counts by its own address`() async throws {
        try await behindProxies { api in
            try await expect("201", api, "PROXY UNKNOWN\r\n", head: "X-Forwarded-For: 192.0.2.1\r\n")
            try await expect("429", api, "\(Self.head) \0\0\0")
            try await expect("429", api, "\(Self.head)!\0\0\0")
        }
    }

    @Test(arguments: [
        "", "PROXY TCP4 192.0.2.1 198.51.100.1 56324\r\n", "PROXY TCP5 192.0.2.1 198.51.100.1 1 2\r\n", "PROXY \r\n",
        "PROXY TCP4 192.0.2.01 198.51.100.1 1 2\r\n", "PROXY TCP4 2001:db8::1 ::1 1 2\r\n",
        "PROXY TCP6 192.0.2.1 198.51.100.1 1 2\r\n", "PROXY TCP6 fe80::1%eth0 ::1 1 2\r\n", "PROXY UNKNOWN\n",
        "PROXY \(String(repeating: "a", count: 200))",
        "\(head)1\u{11}\0\u{0C}\(addresses)", "\(head)!\u{11}\0\u{4}\u{1}\u{1}\u{1}\u{1}", "\(head)!\u{11}\u{7F}\u{7F}",
    ])
    func `A proxy that sends no such header is cut off`(beginning: String) async throws {
        try await behindProxies { api in
            try await expect(nil, api, beginning)
        }
    }

    @Test func `A proxy that sends no such header is named in the log once, and counted`() async throws {
        let log = InMemoryLogHandler()
        try await behindProxies(log: log) { api in
            for _ in 0..<3 { try await expect(nil, api, "") }
        }
        let lines = log.entries.filter { $0.level == .warning && $0.metadata["proxy"] == "127.0.0.1" }
        #expect(lines.count == 1)

        let metrics = TestMetrics()
        let refused = RefusedProxies(factory: metrics)
        for address in ["192.0.2.1", "192.0.2.2", "192.0.2.1"] {
            refused.record(try #require(ClientAddress(address)), logger: Logger(label: "test", factory: { _ in log }))
        }
        #expect(try metrics.expectCounter("api.proxies.refused").totalValue == 3)
        #expect(log.entries.filter { $0.metadata["proxy"] == "192.0.2.1" }.count == 1)
    }

    @Test(arguments: ["", "PROXY TCP4 192.0.2.1", "\(head)!\u{11}\0\u{0C}\u{0A}"], [false, true])
    func `A header that does not come, or stops half-way, holds no connection`(
        beginning: String, isBeforeTLS: Bool
    ) async throws {
        var limits = ConnectionLimits()
        limits.transfer = .milliseconds(300)
        limits.handshake = .milliseconds(300)
        try await behindProxies(tls: isBeforeTLS ? try await serverTLS() : nil, limits: limits) { api in
            let connection = try api.connect()
            connection.send(beginning)
            #expect(try await connection.receiveToEnd().isEmpty)
        }
    }

    @Test func `TLS may begin in the packet that the header ends in`() async throws {
        // A ClientHello of TLS 1.2: random bytes, two cipher suites, groups, point formats, signatures.
        // https://www.rfc-editor.org/rfc/rfc5246#section-7.4.1.2
        let extensions: [UInt8] =
            [0, 10, 0, 6, 0, 4, 0, 0x1D, 0, 0x17] + [0, 11, 0, 2, 1, 0]
            + [0, 13, 0, 8, 0, 6, 4, 3, 8, 4, 4, 1]
        let hello: [UInt8] =
            [3, 3] + (1...32) + [0] + [0, 4, 0xC0, 0x2B, 0xC0, 0x2F] + [1, 0] + [0, UInt8(extensions.count)]
            + extensions
        let message: [UInt8] = [1, 0, 0, UInt8(hello.count)] + hello
        let record: [UInt8] = [0x16, 3, 1, 0, UInt8(message.count)] + message
        try await behindProxies(tls: try await serverTLS()) { api in
            let connection = try api.connect()
            connection.send(Array("PROXY TCP4 192.0.2.1 198.51.100.1 1 2\r\n".utf8) + record)
            // The answer is a handshake too: a ServerHello, no alert.
            #expect(try await connection.receive { !$0.isEmpty }.utf8.first == 0x16)
        }
    }

    @Test func `Families without an address leave the proxy's own, and no header is longer than 4096 bytes`() {
        func take(_ family: UInt8, _ length: Int) -> (ProxyHeader, left: Int) {
            var buffer = ByteBuffer(string: "\(Self.head)!")
            buffer.writeInteger(family)
            buffer.writeInteger(UInt16(length))
            buffer.writeRepeatingByte(10, count: length)
            buffer.writeString("GET")
            return (ProxyHeader.take(from: &buffer), buffer.readableBytes)
        }
        // AF_UNIX has two paths of 108 bytes; AF_UNSPEC may have nothing.
        for (family, length) in [(0x31, 216), (0x00, 0), (0x00, 12)] as [(UInt8, Int)] {
            #expect(take(family, length) == (.client(nil), 3))
        }
        #expect(take(0x11, 4096) == (.client(ClientAddress("10.10.10.10")), 3))
        #expect(take(0x11, 4097).0 == .invalid)
    }

    @Test func `Others have no header to send`() async throws {
        try await behindProxies(at: "192.0.2.0/24") { api in
            try await expect("201", api, "")
            try await expect("429", api, "", head: "X-Forwarded-For: 192.0.2.1\r\n")
            try await expect("400", api, "PROXY TCP4 192.0.2.1 198.51.100.1 1 2\r\n")
        }
    }

    @Test(arguments: ["--http2", "--http1.1"]) func `It stands before TLS`(version: String) async throws {
        let certificates = try await TLSCertificates.make()
        let identity = certificates.server
        let tls = try ServerTLS(certificateFile: identity.certificate, keyFile: identity.key)
        try await behindProxies(tls: tls) { api in
            let curl = [
                "--silent", "--include", "--cacert", certificates.authority, version, "--haproxy-protocol", "--header",
                "Content-Type: application/json", "--header", "Origin: \(api.base)", "--data", "{}",
                "\(api.base)/v1/captchas",
            ]
            for status in [" 201", " 429"] {
                let answer = try await Program.run(tool("curl", package: "curl"), curl)
                #expect(answer.output.prefix { !$0.isNewline }.contains(status), "\(answer.output)")
            }
        }
    }

    @Test func `Who believes proxies says which, and by which of the two`() throws {
        for environment in [
            ["SMS_PROXY_PROTOCOL": "yes"],
            ["SMS_PROXY_PROTOCOL": "yes", "SMS_TRUSTED_PROXIES": "10.0.0.0/8", "SMS_TRUSTED_HOPS": "1"],
        ] {
            let error = #expect(throws: ConfigurationError.self) {
                try APIConfiguration(Settings(declared: APIConfiguration.settings, environment: environment))
            }
            #expect(error?.description.contains("--proxy-protocol (SMS_PROXY_PROTOCOL)") == true)
        }
        let good = ["SMS_PROXY_PROTOCOL": "yes", "SMS_TRUSTED_PROXIES": "10.0.0.0/8"]
        #expect(
            try APIConfiguration(Settings(declared: APIConfiguration.settings, environment: good)).hops.useProxyProtocol
        )

        let error = #expect(throws: ConfigurationError.self) {
            try APIConfiguration(
                Settings(
                    declared: APIConfiguration.settings, environment: ["SMS_TRUSTED_PROXIES": "10.0.0.0/8"]))
        }
        #expect(error?.description.contains("--trusted-hops (SMS_TRUSTED_HOPS)") == true)
        #expect(error?.description.contains("--proxy-protocol (SMS_PROXY_PROTOCOL)") == true)
    }
}

extension APIConfiguration {
    fileprivate var behindProxies: ([AddressRange], ServerTLS?, ConnectionLimits) {
        get { (hops.proxies, tls, limits) }
        set {
            hops = TrustedHops(proxyProtocolFrom: newValue.0)
            (tls, limits) = (newValue.1, newValue.2)
            policy.picturesPerMinute = 1
        }
    }
}
