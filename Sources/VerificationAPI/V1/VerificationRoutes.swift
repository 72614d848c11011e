import HTTPTypes
import Hummingbird
import SMSVerification

/// `/v1/verifications`: a code to a number, the same code again, what became of the message, and the check.
struct VerificationRoutes: Sendable {
    let verification: PhoneVerification
    let numbers: NumberPlan
    let addresses: ClientAddressing
    let identity: ClientIdentity
    let receipts: ReceiptSigner
    let work: WorkIssuer

    func add(to router: RouterGroup<APIRequestContext>) {
        router.on("verifications", method: .post, use: start).allow(.post, at: "verifications")
        router.on("verifications/resend", method: .post, use: resend).allow(.post, at: "verifications/resend")
        router.on("verifications/delivery", method: .post, use: delivery).allow(.post, at: "verifications/delivery")
        router.on("verifications/check", method: .post, use: check).allow(.post, at: "verifications/check")
    }

    // MARK: - A code

    private struct StartBody: Decodable {
        var mobile: String
        var purpose: String?
        var locale: String?
        var clientToken: String?

        private enum CodingKeys: String, CodingKey {
            case mobile, purpose, locale
            case clientToken = "client_token"
        }
    }

    @Sendable private func start(_ request: Request, context: APIRequestContext) async throws -> Response {
        let (body, fields) = try await request.json(Pair<StartBody, ProofFields>.self, context).both
        let purpose = try self.purpose(body.purpose)
        guard let client = identity.token(body.clientToken, request) else { throw Problem.noClient }
        let proof = try fields.proof(of: client, work)
        guard proof.picture != nil || proof.work != nil else { throw Problem.noProof }
        let mobile = try number(body.mobile)
        var start = StartRequest(
            mobile: mobile, purpose: purpose, client: client, address: addresses.address(of: request, context),
            proof: proof, idempotencyKey: try idempotencyKey(request))
        start.language = try language(body.locale, request)
        return try answer(try await verification.start(start))
    }

    private struct ResendBody: Decodable {
        var id: String
        var locale: String?
        var clientToken: String?

        private enum CodingKeys: String, CodingKey {
            case id, locale
            case clientToken = "client_token"
        }
    }

    @Sendable private func resend(_ request: Request, context: APIRequestContext) async throws -> Response {
        let (body, fields) = try await request.json(Pair<ResendBody, ProofFields>.self, context).both
        guard let id = VerificationID(body.id), let client = identity.token(body.clientToken, request) else {
            throw Problem.ended
        }
        let outcome = try await verification.resend(
            id, client: client, address: addresses.address(of: request, context),
            proof: try fields.proof(of: client, work), language: try language(body.locale, request))
        return try answer(outcome)
    }

    private struct Started: Encodable {
        var id: String
        var expiresIn: Int
        var resendAfter: Int

        private enum CodingKeys: String, CodingKey {
            case id
            case expiresIn = "expires_in"
            case resendAfter = "resend_after"
        }
    }

    private func answer(_ outcome: StartOutcome) throws -> Response {
        switch outcome {
        case .started(let started):
            let body = Started(
                id: started.id.text, expiresIn: started.expiresIn.wholeSecondsUp,
                resendAfter: started.resendAfter.wholeSecondsUp)
            return try .json(body, status: .accepted)
        case .proofRefused: throw Problem.refusedProof
        case .proofRequired(let pressure):
            let alone = pressure + ProofOfWorkPolicy.levelsInsteadOfPicture
            throw Problem(
                .proofRequired,
                detail: "Send the answer to a new picture and work of that pressure, or work of "
                    + "pressure_without_captcha alone.",
                members: [
                    "needs": .texts(["captcha", "proof_of_work"]), "pressure": .number(pressure),
                    "pressure_without_captcha": .number(alone),
                ])
        case .tooSoon(let wait, let id):
            throw Problem.tooManyRequests(
                after: wait, detail: "A message to this number was asked for a moment ago. Wait before the next one.",
                members: id.map { ["id": .text($0.text)] } ?? [:])
        case .limited(let wait):
            throw Problem.tooManyRequests(after: wait, detail: "Too many messages were asked for. Try again later.")
        case .idempotencyConflict:
            throw Problem(
                .idempotencyConflict, detail: "Take a new Idempotency-Key for each request that differs.")
        case .ended: throw Problem.ended
        }
    }

    // MARK: - The message

    private struct DeliveryBody: Decodable {
        var id: String
        var clientToken: String?

        private enum CodingKeys: String, CodingKey {
            case id
            case clientToken = "client_token"
        }
    }

    private struct Delivery: Encodable {
        var state: String
    }

    @Sendable private func delivery(_ request: Request, context: APIRequestContext) async throws -> Response {
        let body = try await request.json(DeliveryBody.self, context)
        guard let id = VerificationID(body.id), let client = identity.token(body.clientToken, request),
            let state = try await verification.delivery(of: id, client: client)
        else { throw Problem.ended }
        return try .json(Delivery(state: state.rawValue), status: .ok)
    }

    // MARK: - The check

    private struct CheckBody: Decodable {
        var id: String
        var mobile: String
        var code: String
        var purpose: String?
        var clientToken: String?

        private enum CodingKeys: String, CodingKey {
            case id, mobile, code, purpose
            case clientToken = "client_token"
        }
    }

    private struct Verified: Encodable {
        var verified = true
        var token: String
        var expiresIn: Int

        private enum CodingKeys: String, CodingKey {
            case verified, token
            case expiresIn = "expires_in"
        }
    }

    @Sendable private func check(_ request: Request, context: APIRequestContext) async throws -> Response {
        let body = try await request.json(CheckBody.self, context)
        let purpose = try self.purpose(body.purpose)
        let mobile = try number(body.mobile)
        guard let code = OneTimeCode(body.code) else {
            throw Problem(.invalidRequest, detail: "code: expected the digits of the message, 0 to 9.")
        }
        guard let id = VerificationID(body.id), let client = identity.token(body.clientToken, request) else {
            throw Problem.ended
        }
        switch try await verification.check(id, mobile: mobile, purpose: purpose, client: client, code: code) {
        case .verified:
            let receipt = try await receipts.sign(number: mobile.e164, purpose: purpose.name)
            return try .json(
                Verified(token: receipt.token, expiresIn: receipts.lifetime.wholeSecondsUp), status: .ok)
        case .wrong(let left):
            throw Problem(
                .wrongCode, detail: "The code is not the one of the message.",
                members: ["attempts_left": .number(left)])
        case .ended: throw Problem.ended
        }
    }

    // MARK: - Fields

    private func number(_ text: String) throws(Problem) -> MobileNumber {
        do throws(NumberRefusal) {
            return try numbers.read(text)
        } catch {
            throw Problem(.numberNotAccepted, detail: "mobile: \(error.remedy)")
        }
    }

    private func purpose(_ name: String?) throws(Problem) -> Purpose {
        guard let name else { return .standard }
        guard let purpose = Purpose(name) else {
            throw Problem(
                .invalidRequest, detail: "purpose: expected 1 to 32 lower-case letters a-z, digits and hyphens.")
        }
        return purpose
    }

    /// What the body says, or else the browser.
    private func language(_ locale: String?, _ request: Request) throws(Problem) -> LanguageTag? {
        guard let locale else { return request.headers[.acceptLanguage].flatMap { LanguageTag(acceptLanguage: $0) } }
        guard let language = LanguageTag(locale) else {
            throw Problem(.invalidRequest, detail: "locale: expected a language as BCP 47 names it, such as zh-CN.")
        }
        return language
    }

    private func idempotencyKey(_ request: Request) throws(Problem) -> String? {
        guard let key = request.headers[.idempotencyKey] else { return nil }
        guard (1...128).contains(key.utf8.count), key.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw Problem(
                .invalidRequest, detail: "Idempotency-Key: expected 1 to 128 ASCII characters without spaces.")
        }
        return key
    }
}

extension NumberRefusal {
    fileprivate var remedy: String {
        switch self {
        case .unreadable: "expected a phone number in ASCII digits, such as +86 138 0013 8000."
        case .countryNotAllowed: "no codes are sent to numbers of that country."
        case .notMobile: "expected a mobile number; codes are sent to no others."
        }
    }
}

/// Two kinds of fields in one object.
private struct Pair<First: Decodable, Second: Decodable>: Decodable {
    let both: (First, Second)

    init(from decoder: any Decoder) throws {
        both = (try First(from: decoder), try Second(from: decoder))
    }
}
