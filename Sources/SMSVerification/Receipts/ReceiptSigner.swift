internal import FoundationEssentials
internal import JWTKit
public import TaskQueue

/// What every receipt of a service has in common.
public struct ReceiptConfiguration: Sendable {
    /// Who vouches: this service's public URL, claim `iss`.
    public var issuer: String
    /// For whom: the application that will read receipts, claim `aud`.
    public var audience: String
    /// How long a receipt is good for. It is shown once, right after the verification.
    public var lifetime: Duration = .seconds(600)
    /// When set, receipts name the number by a pseudonym made with this key; else by itself.
    public var pseudonymKey: SecretKey?

    /// Receipts that are good for ten minutes and name the number.
    public init(issuer: String, audience: String) {
        self.issuer = issuer
        self.audience = audience
    }
}

/// A receipt: whoever shows it has proved that the number is theirs.
///
/// Its description is masked.
public struct Receipt: Sendable, SecretValue {
    /// The receipt itself: a JSON Web Token in compact form.
    public let token: String
    /// Its name, 128 random bits: claim `jti`. An application that accepts a receipt once remembers it until
    /// the receipt expires.
    public let id: String

    public var description: String { "Receipt(\(id))" }
}

/// Signs receipts that any JWT library verifies with the published key set alone.
public struct ReceiptSigner: Sendable {
    /// The key set, JSON: for `/.well-known/jwks.json`. Source: RFC 7517.
    public let jwks: [UInt8]

    /// How long a receipt is good for.
    public var lifetime: Duration { configuration.lifetime }

    private let configuration: ReceiptConfiguration
    private let keyID: JWKIdentifier
    private let keys = JWTKeyCollection()

    /// Makes a signer.
    ///
    /// To change keys without a moment in which receipts are refused: publish the next key here until no cache holds the
    /// key set without it; then sign with it, and publish the previous one until its last receipt has expired.
    ///
    /// - Parameters:
    ///   - configuration: What the receipts have in common.
    ///   - key: Signs.
    ///   - published: Keys that are in the key set beside it: the previous one, the next one.
    public init(
        _ configuration: ReceiptConfiguration, key: ReceiptSigningKey, published: [ReceiptVerificationKey] = []
    ) async throws {
        self.configuration = configuration
        keyID = JWKIdentifier(string: key.verificationKey.id)
        try await keys.add(ecdsa: ES256PrivateKey(backing: key.privateKey), kid: keyID)
        let others = published.filter { $0 != key.verificationKey }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        let set = JSONWebKeySet(keys: ([key.verificationKey] + others).map(\.jsonWebKey))
        jwks = Array(try encoder.encode(set))
    }

    /// Signs a receipt.
    ///
    /// - Parameters:
    ///   - number: What was verified, E.164: `+8613800138000`. Claim `sub`, unless pseudonyms are configured.
    ///   - purpose: What for: claim `purpose`. The application compares it, so that a receipt for signing in does not
    ///     change a password.
    ///   - now: The time, counted in whole seconds.
    public func sign(number: String, purpose: String, at now: WireTime = .now) async throws -> Receipt {
        let seconds = Double(now.milliseconds / 1000)
        let issued = Date(timeIntervalSince1970: seconds)
        let id = RandomID.make()
        let claims = ReceiptClaims(
            iss: IssuerClaim(value: configuration.issuer), aud: AudienceClaim(value: [configuration.audience]),
            sub: SubjectClaim(value: subject(number)), iat: IssuedAtClaim(value: issued),
            nbf: NotBeforeClaim(value: issued),
            exp: ExpirationClaim(
                value: issued.addingTimeInterval(Double(configuration.lifetime.components.seconds))),
            jti: IDClaim(value: id), purpose: purpose)
        return Receipt(token: try await keys.sign(claims, kid: keyID), id: id)
    }

    private func subject(_ number: String) -> String {
        guard let key = configuration.pseudonymKey else { return number }
        return Pseudonyms(key: key).pseudonym(of: number, audience: configuration.audience)
    }
}
