import HTTPTypes
import Hummingbird
import SMSVerification

/// How a client shows that it is the one that asked before: the cookie that it was given, or for those without cookies
/// the same token in the body.
struct ClientIdentity: Sendable {
    static let cookieName = "sms_client"
    /// A day: longer than anything lives that is bound to it.
    private static let cookieLifetime = 86_400

    /// Cookies go over TLS only.
    let isSecure: Bool

    /// The client's token, from the body or the cookie; nil when it has none, or one of another form.
    func token(_ given: String?, _ request: Request) -> ClientToken? {
        (given ?? request.cookies[Self.cookieName]?.value).flatMap { ClientToken($0) }
    }

    /// The header that gives a browser its token. No script reads it, and no other site's page sends it.
    func cookie(_ token: ClientToken) -> String {
        "\(Self.cookieName)=\(token.text); Path=/v1; Max-Age=\(Self.cookieLifetime); HttpOnly; SameSite=Strict"
            + (isSecure ? "; Secure" : "")
    }
}
