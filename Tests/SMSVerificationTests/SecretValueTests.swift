import TaskQueue
import Testing

@testable import SMSVerification

/// What is printed by accident.
@Suite struct SecretValueTests {
    private static let code = OneTimeCode("482915")
    private static let mobile = MobileNumber(mainland: "13800138000")

    private func expectMasked<Value>(
        _ value: Value, _ secrets: String..., sourceLocation: SourceLocation = #_sourceLocation
    ) {
        var texts = ["\(value)", String(describing: value), String(reflecting: value), "\([value])", "\((1, value))"]
        var dumped = ""
        dump(value, to: &dumped)
        dump(["key": value], to: &dumped)
        texts.append(dumped)
        for secret in secrets {
            for text in texts { #expect(!text.contains(secret), "\(text)", sourceLocation: sourceLocation) }
        }
    }

    @Test func neitherPrintingNorDumpingTellsASecret() throws {
        let (code, mobile) = (try #require(Self.code), try #require(Self.mobile))
        let client = ClientToken.random()
        let picture = IssuedPicture(id: .random(), text: "ACDEHS", lifetime: .seconds(120))
        var proof = Proof()
        proof.picture = (picture.id, "ACDEHS")
        expectMasked(code, "482915")
        expectMasked(mobile, "13800138000")
        expectMasked(client, client.text)
        expectMasked(picture, "ACDEHS")
        expectMasked(PictureOutcome.issued(picture), "ACDEHS")
        expectMasked(CaptchaOutcome.issued(text: "ACDEHS"), "ACDEHS")
        expectMasked(CaptchaAnswer("ACDEHS", .standard), "ACDEHS")
        expectMasked(proof, "ACDEHS")
        expectMasked(
            StartRequest(mobile: mobile, client: client, address: nil, proof: proof), "13800138000", client.text,
            "ACDEHS")
        expectMasked(CodeCopy(mobile, .standard, code), "13800138000", "482915")
        expectMasked(SendCodeArguments(mobile: "13800138000", code: "482915"), "13800138000", "482915")
        expectMasked(SendSealedCodeArguments(mobile, sealed: "sealed"), "13800138000")
        expectMasked(Receipt(token: "abc.def.ghi", id: "1"), "abc.def.ghi")
        let bytes = Array("0123456789abcdef0123456789abcdef".utf8)
        let key = try #require(SecretKey(bytes))
        expectMasked(key, "0123456789abcdef", "48, 49, 50")
        expectMasked(SealingKeys(key), "0123456789abcdef", "48, 49, 50")
        expectMasked(StoredSecrets.sealed(SealingKeys(key)), "0123456789abcdef", "48, 49, 50")
    }
}
