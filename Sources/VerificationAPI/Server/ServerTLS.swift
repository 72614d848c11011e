internal import NIOSSL
public import SMSVerification

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif

/// The certificate that the service shows, with its private key, read once.
public struct ServerTLS: Sendable {
    let configuration: TLSConfiguration

    /// Reads them.
    ///
    /// - Parameters:
    ///   - certificateFile: PEM, the service's own certificate first, then those of its chain.
    ///   - keyFile: PEM, without a passphrase.
    /// - Throws: ``SMSVerification/KeyFileError``, which names the file at fault.
    public init(certificateFile: String, keyFile: String) throws(KeyFileError) {
        let chain = try Self.read(certificateFile, "no PEM certificate") {
            try NIOSSLCertificate.fromPEMFile(certificateFile)
        }
        let key = try Self.read(keyFile, "no PEM private key without a passphrase") {
            [try NIOSSLPrivateKey(file: keyFile, format: .pem)]
        }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key[0]))
        configuration.minimumTLSVersion = .tlsv12
        guard (try? NIOSSLContext(configuration: configuration)) != nil else {
            throw KeyFileError(
                file: keyFile, reason: "is not the key of \(certificateFile)", remedy: "name the files of one pair")
        }
        self.configuration = configuration
    }

    private static func read<Part>(
        _ file: String, _ missing: String, _ parts: () throws -> [Part]
    ) throws(KeyFileError) -> [Part] {
        guard access(file, R_OK) == 0 else {
            throw KeyFileError(
                file: file, reason: "cannot be read: \(String(cString: strerror(errno)))",
                remedy: "name a PEM file that the service may read")
        }
        guard let parts = try? parts(), !parts.isEmpty else {
            throw KeyFileError(file: file, reason: "holds \(missing)", remedy: "name a PEM file that does")
        }
        return parts
    }
}
