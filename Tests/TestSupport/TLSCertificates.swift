import Foundation

/// Certificates for a server and its clients, made with the real `openssl` in a temporary folder.
///
/// The folder goes with the last reference to this object.
public final class TLSCertificates: Sendable {
    /// A certificate and its private key, as PEM files.
    public struct Identity: Sendable {
        /// The certificate's path.
        public let certificate: String
        /// The key's path.
        public let key: String
    }

    /// The folder with all of them.
    public let folder: String
    /// The CA that has signed all of the following but one: the path of its certificate.
    public let authority: String
    /// Another CA.
    public let unrelatedAuthority: String
    /// A server at `localhost` and `127.0.0.1`.
    public let server: Identity
    /// A client.
    public let client: Identity
    /// A server at `localhost` and `127.0.0.1` whose certificate expired yesterday.
    public let expiredServer: Identity
    /// A server at `redis.example.org`.
    public let otherHost: Identity
    /// A server at `localhost` and `127.0.0.1` that the other CA has signed.
    public let strangersServer: Identity

    /// Makes them.
    public static func make() async throws -> TLSCertificates {
        let workshop = Workshop(folder: try TemporaryFolder.make("sms-certificates"))
        do {
            return try await TLSCertificates(workshop)
        } catch {
            try? FileManager.default.removeItem(atPath: workshop.folder)
            throw error
        }
    }

    private init(_ workshop: Workshop) async throws {
        let local = "DNS:localhost,IP:127.0.0.1"
        folder = workshop.folder
        let authority = try await workshop.authority("ca")
        let unrelated = try await workshop.authority("unrelated-ca")
        self.authority = authority.certificate
        unrelatedAuthority = unrelated.certificate
        server = try await workshop.identity("server", names: local, signedBy: authority)
        client = try await workshop.identity("client", names: "DNS:client", signedBy: authority)
        expiredServer = try await workshop.identity("expired", names: local, signedBy: authority, days: -1)
        otherHost = try await workshop.identity("other-host", names: "DNS:redis.example.org", signedBy: authority)
        strangersServer = try await workshop.identity("stranger", names: local, signedBy: unrelated)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }
}

private struct Workshop {
    let folder: String

    func authority(_ name: String) async throws -> TLSCertificates.Identity {
        let made = files(name)
        try await openssl(
            ["req", "-x509", "-days", "2", "-subj", "/CN=\(name)", "-out", made.certificate] + newKey(made))
        return made
    }

    /// `openssl req` would sign it too, but not with a date in the past: that only `openssl x509` does.
    func identity(
        _ name: String, names: String, signedBy authority: TLSCertificates.Identity, days: Int = 2
    ) async throws -> TLSCertificates.Identity {
        let made = files(name)
        let request = "\(folder)/\(name).csr"
        try await openssl(
            ["req", "-new", "-subj", "/CN=\(name)", "-addext", "subjectAltName=\(names)", "-out", request]
                + newKey(made))
        try await openssl(
            ["x509", "-req", "-in", request, "-copy_extensions", "copy", "-days", "\(days)"]
                + ["-CA", authority.certificate, "-CAkey", authority.key, "-out", made.certificate])
        return made
    }

    private func files(_ name: String) -> TLSCertificates.Identity {
        TLSCertificates.Identity(certificate: "\(folder)/\(name).pem", key: "\(folder)/\(name).key")
    }

    private func newKey(_ identity: TLSCertificates.Identity) -> [String] {
        ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", identity.key]
    }

    private func openssl(_ arguments: [String]) async throws {
        let finished = try await Program.run(try tool("openssl", package: "openssl"), arguments)
        guard finished.status == .code(0) else {
            throw TestError("openssl \(arguments.joined(separator: " ")): \(finished.errorOutput)")
        }
    }
}
