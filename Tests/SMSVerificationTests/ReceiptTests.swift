import Foundation
import InMemoryLogging
import JWTKit
import Logging
import TaskQueue
import TestSupport
import Testing

@testable import SMSVerification

/// Receipts as applications see them: the key set and the token are all that they have.
@Suite(.timeLimit(.minutes(5))) struct ReceiptTests {
    private let number = "+8613800138000"
    private let configuration = ReceiptConfiguration(issuer: "https://sms.example", audience: "shop")
    private let key = ReceiptSigningKey.ephemeral(logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })

    @Test func pythonVerifiesAReceiptFromTheKeySetAlone() async throws {
        let signer = try await ReceiptSigner(configuration, key: key)
        let receipt = try await signer.sign(number: number, purpose: "sign-in")
        let answer = try await readByPython(receipt.token, signer.jwks)
        let claims = try #require(answer.claims, "\(answer)")
        #expect(claims.iss == "https://sms.example")
        #expect(claims.aud == "shop", "one audience is a text, not a list")
        #expect(claims.sub == number)
        #expect(claims.purpose == "sign-in")
        #expect(claims.amr == ["sms"])
        #expect(claims.jti == receipt.id)
        #expect(receipt.id.utf8.count == 22)
        #expect(claims.nbf == claims.iat)
        #expect(claims.exp == claims.iat + 600)
        #expect(answer.header == ["alg": "ES256", "kid": key.verificationKey.id, "typ": "JWT"])
        #expect(answer.thumbprints == [key.verificationKey.id], "RFC 7638")
    }

    @Test func pythonRefusesWhatIsNotMeantForItOrNotAsItWasSigned() async throws {
        let signer = try await ReceiptSigner(configuration, key: key)
        let token = try await signer.sign(number: number, purpose: "sign-in").token
        #expect(try await readByPython(token, signer.jwks, audience: "bank").error == "InvalidAudienceError")
        #expect(try await readByPython(token, signer.jwks, issuer: "https://else").error == "InvalidIssuerError")
        for part in 1...2 {
            #expect(try await readByPython(changing(part, of: token), signer.jwks).error == "InvalidSignatureError")
        }
        let old = try await signer.sign(number: number, purpose: "sign-in", at: .now.adding(.seconds(-601))).token
        #expect(try await readByPython(old, signer.jwks).error == "ExpiredSignatureError")
    }

    @Test func jwtKitVerifiesAReceiptFromTheKeySetAlone() async throws {
        let signer = try await ReceiptSigner(configuration, key: key)
        let token = try await signer.sign(number: number, purpose: "sign-in").token
        let keys = try await JWTKeyCollection().add(jwksJSON: String(decoding: signer.jwks, as: UTF8.self))
        #expect(try await keys.verify(token, as: ShopClaims.self).sub.value == number)
        for part in 1...2 {
            await #expect(throws: JWTError.self) {
                try await keys.verify(changing(part, of: token), as: ShopClaims.self)
            }
        }
        let old = try await signer.sign(number: number, purpose: "sign-in", at: .now.adding(.seconds(-601))).token
        await #expect(throws: JWTError.self) { try await keys.verify(old, as: ShopClaims.self) }
        let bank = ReceiptConfiguration(issuer: configuration.issuer, audience: "bank")
        let foreign = try await ReceiptSigner(bank, key: key).sign(number: number, purpose: "sign-in").token
        await #expect(throws: JWTError.self) { try await keys.verify(foreign, as: ShopClaims.self) }
    }

    @Test func afterAChangeOfKeysReceiptsOfBothAreGood() async throws {
        let before = try await ReceiptSigner(configuration, key: key)
        let next = ReceiptSigningKey.ephemeral(logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let published = [key.verificationKey, next.verificationKey]
        let after = try await ReceiptSigner(configuration, key: next, published: published)
        let old = try await readByPython(before.sign(number: number, purpose: "sign-in").token, after.jwks)
        #expect(old.claims?.sub == number)
        #expect(old.header["kid"] == key.verificationKey.id)
        let new = try await readByPython(after.sign(number: number, purpose: "sign-in").token, after.jwks)
        #expect(new.claims?.sub == number)
        #expect(new.header["kid"] == next.verificationKey.id)
        #expect(new.thumbprints == [next.verificationKey.id, key.verificationKey.id], "each key once")

        let alone = try await ReceiptSigner(configuration, key: next)
        let late = try await readByPython(before.sign(number: number, purpose: "sign-in").token, alone.jwks)
        #expect(late.error == "KeyError", "the old key is published no longer")
    }

    @Test func aPseudonymStandsForTheNumberWithOneAudienceOnly() async throws {
        var configuration = configuration
        configuration.pseudonymKey = .random()
        let signer = try await ReceiptSigner(configuration, key: key)
        let first = try await subject(signer, number)
        #expect(try await subject(signer, number) == first)
        #expect(try await subject(signer, "+8613800138001") != first)
        #expect(!first.contains("138"))
        configuration.audience = "bank"
        #expect(try await subject(ReceiptSigner(configuration, key: key), number) != first)
    }

    @Test func noTwoReceiptsHaveOneName() async throws {
        let signer = try await ReceiptSigner(configuration, key: key)
        var names: Set<String> = []
        for _ in 1...100 { names.insert(try await signer.sign(number: number, purpose: "sign-in").id) }
        #expect(names.count == 100)
    }

    @Test func aKeyThatDoesNotOutliveTheRunIsWarnedOf() {
        let log = InMemoryLogHandler()
        _ = ReceiptSigningKey.ephemeral(logger: Logger(label: "test") { _ in log })
        #expect(log.entries.map(\.level) == [.warning])
        #expect(log.entries.first?.message.description.contains("configure a key file") == true)
    }

    @Test func neitherKeysNorReceiptsPrintWhatTheyHold() async throws {
        let signer = try await ReceiptSigner(configuration, key: key)
        let receipt = try await signer.sign(number: number, purpose: "sign-in")
        #expect("\(receipt)" == "Receipt(\(receipt.id))")
        #expect("\(key)" == "ReceiptSigningKey(\(key.verificationKey.id))")
        var configuration = configuration
        configuration.pseudonymKey = .random()
        #expect("\(configuration)".contains("SecretKey(***)"))
    }

    private func subject(_ signer: ReceiptSigner, _ number: String) async throws -> String {
        let token = try await signer.sign(number: number, purpose: "sign-in").token
        return try await JWTKeyCollection().unverified(token, as: ReceiptClaims.self).sub.value
    }

    /// The token with one character of a part changed.
    private func changing(_ part: Int, of token: String) -> String {
        var parts = token.split(separator: ".").map { Array($0.utf8) }
        // In the middle, where all bits of a character count.
        let place = parts[part].count / 2
        parts[part][place] = parts[part][place] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
        return parts.map { String(decoding: $0, as: UTF8.self) }.joined(separator: ".")
    }

    private func readByPython(
        _ token: String, _ jwks: [UInt8], audience: String = "shop", issuer: String = "https://sms.example"
    ) async throws -> PythonAnswer {
        let finished = try await Program.run(
            TestPython.interpreter(),
            ["-c", verifyInPython, String(decoding: jwks, as: UTF8.self), token, audience, issuer])
        try #require(finished.status == .code(0), "\(finished.errorOutput)")
        return try JSONDecoder().decode(PythonAnswer.self, from: Data(finished.output.utf8))
    }
}

private struct PythonAnswer: Decodable {
    struct Claims: Decodable {
        var iss, aud, sub, jti, purpose: String
        var iat, nbf, exp: Int
        var amr: [String]
    }
    var header: [String: String]
    var claims: Claims?
    var error: String?
    var thumbprints: [String]
}

private let verifyInPython = """
    import base64, hashlib, json, sys, jwt

    jwks, token, audience, issuer = sys.argv[1:]
    answer = {"header": jwt.get_unverified_header(token), "thumbprints": []}
    for key in json.loads(jwks)["keys"]:
        assert key["use"] == "sig" and key["alg"] == "ES256" and "d" not in key
        required = json.dumps({name: key[name] for name in ("crv", "kty", "x", "y")}, separators=(",", ":"))
        digest = hashlib.sha256(required.encode()).digest()
        answer["thumbprints"].append(base64.urlsafe_b64encode(digest).decode().rstrip("="))
    try:
        key = jwt.PyJWKSet.from_json(jwks)[answer["header"]["kid"]]
        needed = ["iss", "aud", "sub", "iat", "nbf", "exp", "jti", "purpose", "amr"]
        answer["claims"] = jwt.decode(
            token, key, algorithms=["ES256"], audience=audience, issuer=issuer, options={"require": needed})
    except Exception as error:
        answer["error"] = type(error).__name__
    print(json.dumps(answer))
    """

/// What an application in Swift would write.
private struct ShopClaims: JWTPayload {
    var aud: AudienceClaim
    var exp: ExpirationClaim
    var sub: SubjectClaim
    var purpose: String

    func verify(using _: some JWTAlgorithm) throws {
        try aud.verifyIntendedAudience(includes: "shop")
        try exp.verifyNotExpired()
    }
}
