internal import FoundationEssentials
internal import JWTKit

/// What a receipt says. Source of the registered claims: RFC 7519, section 4.1; of `amr`: RFC 8176.
struct ReceiptClaims: JWTPayload {
    var iss: IssuerClaim
    var aud: AudienceClaim
    var sub: SubjectClaim
    var iat: IssuedAtClaim
    var nbf: NotBeforeClaim
    var exp: ExpirationClaim
    var jti: IDClaim
    var purpose: String
    var amr = ["sms"]

    private enum CodingKeys: String, CodingKey {
        case iss, aud, sub, iat, nbf, exp, jti, purpose, amr
    }

    func verify(using _: some JWTAlgorithm) throws {
        try nbf.verifyNotBefore()
        try exp.verifyNotExpired()
    }
}
