import HTTPTypes
import Hummingbird
import SMSVerification

/// An answer of the tutorial's form: `{"code":…,"errmsg":"…"}`, with the text in plain UTF-8.
struct TutorialAnswer: Sendable {
    let status: HTTPResponse.Status
    let code: Int
    let message: String

    init(_ outcome: CodeRequestOutcome) {
        switch outcome {
        case .sent: self.init(code: 0, message: "发送短信成功")
        case .tooFrequent: self.init(code: 400, message: "发送短信过于频繁")
        case .missingParameter: self.init(code: 400, message: "缺少必传参数")
        case .captchaExpired: self.init(code: 400, message: "图形验证码失效")
        case .captchaWrong: self.init(code: 400, message: "输入图形验证码有误")
        }
    }

    /// The tutorial has no word for this: Redis refused, nothing was left behind, and the client may try again at once.
    static let unavailable = TutorialAnswer(status: .serviceUnavailable, code: 503, message: "短信服务暂时不可用，请稍后重试")

    private init(status: HTTPResponse.Status = .ok, code: Int, message: String) {
        self.status = status
        self.code = code
        self.message = message
    }

    var response: Response {
        var headers = HTTPFields.neverCached
        headers[.contentType] = "application/json; charset=utf-8"
        if status == .serviceUnavailable { headers[.retryAfter] = "1" }
        // The messages are the constants above, none of which holds a character that JSON escapes.
        let body = ByteBuffer(string: #"{"code":\#(code),"errmsg":"\#(message)"}"#)
        return Response(status: status, headers: headers, body: .init(byteBuffer: body))
    }
}
