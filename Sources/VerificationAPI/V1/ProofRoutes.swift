import CaptchaImage
import FoundationEssentials
import HTTPTypes
import Hummingbird
import SMSVerification

/// `/v1/captchas` and `/v1/proof-of-work`: what a caller shows that it is no program, or that it has paid.
struct ProofRoutes: Sendable {
    let verification: PhoneVerification
    let pictures: PictureStock
    let addresses: ClientAddressing
    let identity: ClientIdentity
    let work: WorkIssuer

    func add(to router: RouterGroup<APIRequestContext>) {
        router.on("captchas", method: .post, use: picture).allow(.post, at: "captchas")
        router.on("proof-of-work", method: .post, use: challenge).allow(.post, at: "proof-of-work")
    }

    private struct PictureBody: Decodable {
        var clientToken: String?

        private enum CodingKeys: String, CodingKey {
            case clientToken = "client_token"
        }
    }

    private struct Picture: Encodable {
        var id: String
        var image: String
        var expiresIn: Int
        var clientToken: String

        private enum CodingKeys: String, CodingKey {
            case id, image
            case expiresIn = "expires_in"
            case clientToken = "client_token"
        }
    }

    @Sendable private func picture(_ request: Request, context: APIRequestContext) async throws -> Response {
        let body = try await request.json(PictureBody.self, context)
        let client = identity.token(body.clientToken, request) ?? .random()
        let next = pictures.next()
        let picture: IssuedPicture
        let address = addresses.address(of: request, context)
        switch try await verification.issuePicture(of: next.text, to: client, at: address) {
        case .issued(let issued): picture = issued
        case .tooMany(let wait):
            // An address beyond its limit must not use up the pictures that others are waiting for.
            pictures.takeBack(next)
            throw Problem.tooManyPictures(after: wait)
        }
        let file = Data(try await next.png())
        return try answer(
            Picture(
                id: picture.id.text, image: "data:image/png;base64,\(file.base64EncodedString())",
                expiresIn: picture.lifetime.wholeSecondsUp, clientToken: client.text),
            client)
    }

    private struct ChallengeBody: Decodable {
        var pressure: Int?
        var clientToken: String?

        private enum CodingKeys: String, CodingKey {
            case pressure
            case clientToken = "client_token"
        }
    }

    private struct Challenge: Encodable {
        var challenge: String
        var expiresIn: Int
        var clientToken: String

        private enum CodingKeys: String, CodingKey {
            case challenge
            case expiresIn = "expires_in"
            case clientToken = "client_token"
        }
    }

    @Sendable private func challenge(_ request: Request, context: APIRequestContext) async throws -> Response {
        let body = try await request.json(ChallengeBody.self, context)
        let pressure = body.pressure ?? 0
        guard (0...20).contains(pressure) else {
            throw Problem(.invalidRequest, detail: "pressure: expected a whole number from 0 to 20.")
        }
        let client = identity.token(body.clientToken, request) ?? .random()
        let challenge = work.challenge(for: client, pressure: pressure)
        return try answer(
            Challenge(
                challenge: challenge.text, expiresIn: challenge.expires - challenge.issued, clientToken: client.text),
            client)
    }

    private func answer(_ body: some Encodable, _ client: ClientToken) throws -> Response {
        var response = try Response.json(body, status: .created)
        response.headers[.setCookie] = identity.cookie(client)
        return response
    }
}

extension Response {
    /// JSON that no cache keeps.
    static func json(_ body: some Encodable, status: HTTPResponse.Status) throws -> Response {
        var headers = HTTPFields.neverCached
        headers[.contentType] = "application/json; charset=utf-8"
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes]
        return Response(
            status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: try encoder.encode(body))))
    }
}
