import Crypto
import Foundation
import NIOHTTP1
import Testing

/// What a right code is answered with.
@Suite(.timeLimit(.minutes(5)))
struct ReceiptRouteTests {
    private struct KeySet: Decodable {
        struct Key: Decodable { var x, y, kid, alg: String }
        var keys: [Key]
    }

    private struct Head: Decodable { var alg, kid: String }

    private struct Claims: Decodable {
        var iss, sub, jti, purpose: String
        var aud: [String]
        var amr: [String]
        var iat, exp: Double

        private enum CodingKeys: String, CodingKey { case iss, sub, jti, purpose, aud, amr, iat, exp }

        /// JWT allows a single audience to stand there without a list.
        init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: CodingKeys.self)
            iss = try values.decode(String.self, forKey: .iss)
            sub = try values.decode(String.self, forKey: .sub)
            jti = try values.decode(String.self, forKey: .jti)
            purpose = try values.decode(String.self, forKey: .purpose)
            amr = try values.decode([String].self, forKey: .amr)
            iat = try values.decode(Double.self, forKey: .iat)
            exp = try values.decode(Double.self, forKey: .exp)
            let one = try? values.decode(String.self, forKey: .aud)
            aud = try one.map { [$0] } ?? values.decode([String].self, forKey: .aud)
        }
    }

    private func bytes(_ text: some StringProtocol) throws -> Data {
        let classic = String(text).replacing("-", with: "+").replacing("_", with: "/")
        return try #require(Data(base64Encoded: classic + String(repeating: "=", count: (4 - classic.count % 4) % 4)))
    }

    @Test func `A right code is answered with one receipt, which the published keys verify`() async throws {
        try await RunningVerificationAPI.run { system in
            let caller = system.caller()
            let started = try await caller.start("13800138000", ["purpose": "reset-password"])
            let fields = [
                "id": try started.member("id", String.self), "mobile": "+86 138 0013 8000",
                "code": try await system.lastCode(), "purpose": "reset-password",
            ]
            let answers = try await withThrowingTaskGroup(of: RunningAPI.Answer.self) { group in
                for _ in 0..<50 { group.addTask { try await caller.post("verifications/check", fields) } }
                return try await group.reduce(into: [RunningAPI.Answer]()) { $0.append($1) }
            }
            let verified = answers.filter { $0.status == 200 }
            #expect(verified.count == 1)
            #expect(answers.count { $0.status == 409 } == 49)
            let answer = try #require(verified.first)
            #expect(try answer.member("verified", Bool.self))
            #expect(try answer.member("expires_in", Int.self) == 600)

            let keys = try await system.api.get("/.well-known/jwks.json")
            #expect(keys.headers["Content-Type"] == ["application/jwk-set+json"])
            let key = try #require(try JSONDecoder().decode(KeySet.self, from: Data(keys.body)).keys.first)
            #expect(!keys.text.contains(#""d""#), "the private half is not there")
            let parts = try answer.member("token", String.self).split(separator: ".")
            try #require(parts.count == 3)
            let head = try JSONDecoder().decode(Head.self, from: try bytes(parts[0]))
            #expect(head.alg == "ES256" && head.kid == key.kid)
            let publicKey = try P256.Signing.PublicKey(rawRepresentation: try bytes(key.x) + bytes(key.y))
            let signature = try P256.Signing.ECDSASignature(rawRepresentation: try bytes(parts[2]))
            #expect(publicKey.isValidSignature(signature, for: Data("\(parts[0]).\(parts[1])".utf8)))
            let claims = try JSONDecoder().decode(Claims.self, from: try bytes(parts[1]))
            #expect(claims.iss == "https://sms.example" && claims.aud == ["shop"])
            #expect(claims.sub == "+8613800138000" && claims.purpose == "reset-password")
            #expect(claims.amr == ["sms"], "the reader sees that the phone network was trusted")
            #expect(claims.exp - claims.iat == 600)
        }
    }
}
