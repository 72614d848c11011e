import Operations
import SMSVerification
import TestSupport
import Testing

@testable import VerificationAPI

/// The service with a certificate of its own, and the real curl.
@Suite(.timeLimit(.minutes(5))) struct TLSTests {
    private func tls(_ identity: TLSCertificates.Identity) throws -> ServerTLS {
        try ServerTLS(certificateFile: identity.certificate, keyFile: identity.key)
    }

    /// What curl prints: the answer's head, its body, and the version of HTTP.
    private func curl(_ url: String, _ authority: String, _ options: String...) async throws -> Program.Finished {
        try await Program.run(
            tool("curl", package: "curl"),
            ["--silent", "--show-error", "--include", "--cacert", authority, "--write-out", "\nHTTP %{http_version}"]
                + options + [url])
    }

    @Test(arguments: [("--http2", "2"), ("--http1.1", "1.1")])
    func `The client chooses the version of HTTP`(option: String, version: String) async throws {
        let certificates = try await TLSCertificates.make()
        try await withService(\.tls, try tls(certificates.server)) { api in
            let answer = try await curl(
                "\(api.base)/v1/captchas", certificates.authority, option, "--header", "Content-Type: application/json",
                "--header", "Origin: \(api.base)", "--data", "{}")
            #expect(answer.status == .code(0), "\(answer.errorOutput)")
            #expect(answer.output.hasPrefix("HTTP/\(version) 201"))
            #expect(answer.output.hasSuffix("HTTP \(version)"))
            let head = answer.output.lowercased()
            #expect(head.contains("strict-transport-security: max-age=31536000\r\n"))
            #expect(head.contains("; secure\r\n"))

            let refused = try await curl(
                "\(api.base)/v1/captchas", certificates.authority, option, "--header", "Content-Type: application/json",
                "--data", String(repeating: " ", count: 20_000))
            #expect(refused.output.hasPrefix("HTTP/\(version) 413"))
        }
    }

    @Test func `Old TLS and clear text are refused`() async throws {
        let certificates = try await TLSCertificates.make()
        try await withService(\.tls, try tls(certificates.server)) { api in
            let old = try await curl(api.base, certificates.authority, "--tls-max", "1.1")
            #expect(old.status != .code(0))
            let plain = try api.connect()
            plain.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try await !plain.receiveToEnd().contains("HTTP/1.1"))
        }
    }

    @Test func `A client that does not get through the handshake is cut off`() async throws {
        let certificates = try await TLSCertificates.make()
        var limits = ConnectionLimits()
        limits.handshake = .milliseconds(300)
        try await withService(\.transport, (try tls(certificates.server), limits)) { api in
            let connection = try api.connect()
            #expect(try await connection.receiveToEnd().isEmpty)
            let served = try await curl(api.base, certificates.authority, "--http2")
            #expect(served.output.hasPrefix("HTTP/2 200"))
        }
    }

    @Test func `Files that do not serve are named`() async throws {
        let certificates = try await TLSCertificates.make()
        let (server, client) = (certificates.server, certificates.client)
        for (certificate, key, named) in [
            (server.certificate, client.key, "\(client.key): is not the key of \(server.certificate)"),
            (server.key, server.key, "\(server.key): holds no PEM certificate"),
            (server.certificate, server.certificate, "\(server.certificate): holds no PEM private key"),
            ("/no/chain.pem", server.key, "/no/chain.pem: cannot be read: No such file"),
        ] {
            let error = #expect(throws: KeyFileError.self) {
                try ServerTLS(certificateFile: certificate, keyFile: key)
            }
            #expect(error?.description.hasPrefix(named) == true, "\(error?.description ?? "none")")
        }
    }
}

extension APIConfiguration {
    fileprivate var transport: (ServerTLS?, ConnectionLimits) {
        get { (tls, limits) }
        set { (tls, limits) = newValue }
    }
}
