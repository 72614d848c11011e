internal import NIOSSL

#if canImport(Glibc)
internal import Glibc
#else
internal import Musl
#endif

/// How a TLS connection is secured. Files are PEM, and are read at every connect, so a renewed certificate is taken up
/// with the next connection.
public struct TLSSettings: Sendable, Hashable {
    /// How the server's certificate is checked.
    public enum Verification: Sendable, Hashable {
        /// It must come from a known authority and name the host: the default.
        case full
        /// It must come from a known authority and may name any host.
        case authorityOnly
        /// It is not checked: anybody in between may read and change everything.
        case none
    }

    /// The authorities that may have signed the server's certificate; nil for those that the system knows.
    public var authorityFile: String?
    /// The client's own certificate, with its chain, for servers that ask for one.
    public var certificateFile: String?
    /// The private key of the client's certificate.
    public var keyFile: String?
    /// How the server's certificate is checked.
    public var verification: Verification

    /// Makes settings; by default everything is checked, with the system's authorities.
    public init(
        authorityFile: String? = nil, certificateFile: String? = nil, keyFile: String? = nil,
        verification: Verification = .full
    ) {
        self.authorityFile = authorityFile
        self.certificateFile = certificateFile
        self.keyFile = keyFile
        self.verification = verification
    }

    /// Makes sure that the files can be read and hold what they should: a check for the start of a program.
    ///
    /// - Throws: ``RedisError/Code/invalidURL``, which names the option and the file.
    public func checkFiles() throws(RedisError) {
        for (option, file) in [("ssl_ca_certs", authorityFile), ("ssl_certfile", certificateFile)] {
            guard let file else { continue }
            try check(option, file, isReadable: access(file, R_OK) == 0)
            let holdsSome = (try? NIOSSLCertificate.fromPEMFile(file).isEmpty) == false
            guard holdsSome else { throw unusable(option, file, "holds no PEM certificate") }
        }
        guard let keyFile else { return }
        try check("ssl_keyfile", keyFile, isReadable: access(keyFile, R_OK) == 0)
        guard (try? NIOSSLPrivateKey(file: keyFile, format: .pem)) != nil else {
            throw unusable("ssl_keyfile", keyFile, "holds no PEM private key without a passphrase")
        }
    }

    private func check(_ option: String, _ file: String, isReadable: Bool) throws(RedisError) {
        guard !isReadable else { return }
        throw unusable(option, file, "cannot be read: \(String(cString: strerror(errno)))")
    }

    private func unusable(_ option: String, _ file: String, _ reason: String) -> RedisError {
        RedisError(.invalidURL, "not a usable Redis URL: \(option)=\(file) \(reason)")
    }
}
