import CaptchaImage
import HTTPTypes
import Hummingbird
import SMSVerification

/// Draws a captcha's text as a PNG file.
public typealias CaptchaDrawing = @Sendable (_ text: String) throws -> [UInt8]

/// `GET /image_codes/<uuid>/`: a new captcha under that id, as a picture.
struct CaptchaRoutes: Sendable {
    let flow: any VerificationFlow
    let draw: CaptchaDrawing
    let addresses: ClientAddressing

    func add(to router: some RouterMethods<APIRequestContext>) {
        let path: RouterPath = "/image_codes/{id}"
        router.on(path, method: .get, use: picture).allow(.get, at: path)
    }

    @Sendable private func picture(_ request: Request, context: APIRequestContext) async throws -> Response {
        guard let id = try CaptchaID(context.parameters.require("id")) else {
            throw Problem(.notFound, detail: "The path is /image_codes/<id>/, and the id is a UUID in its text form.")
        }
        let text: String
        switch try await flow.issueCaptcha(id: id, to: addresses.address(of: request, context)) {
        case .issued(let shown): text = shown
        case .tooMany(let wait): throw Problem.tooManyPictures(after: wait)
        }
        let picture = ByteBuffer(bytes: try await CaptchaPicture(of: text, draw: draw).png())
        var headers = HTTPFields.neverCached
        headers[.contentType] = "image/png"
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: picture))
    }
}
