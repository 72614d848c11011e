import HTTPTypes
import Hummingbird
import SMSVerification

/// The page at `/` and its files, filled in once and answered from memory.
struct DemoPage: Sendable {
    private let files: [(path: RouterPath, type: String, content: ByteBuffer)]

    init(policy: VerificationPolicy, options: DemoPageOptions) {
        let page = String(decoding: PackageResources.index_html, as: UTF8.self)
            .replacing("{{captchaLifetime}}", with: "\(policy.captchaLifetime.components.seconds)")
            .replacing("{{codeLifetime}}", with: "\(policy.codeLifetime.components.seconds)")
            .replacing("{{resendInterval}}", with: "\(policy.resendInterval.components.seconds)")
            .replacing("{{inbox}}", with: Self.inboxLink(options.inboxURL))
        files = [
            ("/", "text/html; charset=utf-8", ByteBuffer(string: page)),
            ("/demo.css", "text/css; charset=utf-8", ByteBuffer(bytes: PackageResources.demo_css)),
            ("/demo.js", "text/javascript; charset=utf-8", ByteBuffer(bytes: PackageResources.demo_js)),
            ("/favicon.ico", "image/svg+xml", ByteBuffer(bytes: PackageResources.favicon_svg)),
        ]
    }

    func add(to router: some RouterMethods<APIRequestContext>) {
        for file in files {
            let headers: HTTPFields = [.contentType: file.type, .cacheControl: "no-cache"]
            let answer: @Sendable (Request, APIRequestContext) -> Response = { _, _ in
                Response(status: .ok, headers: headers, body: .init(byteBuffer: file.content))
            }
            router.on(file.path, method: .get, use: answer)
                .on(file.path, method: .head, use: answer)
                .allow(.get, .head, at: file.path)
        }
    }

    private static func inboxLink(_ url: String?) -> String {
        guard let url else { return "" }
        let address =
            url
            .replacing("&", with: "&amp;").replacing("\"", with: "&quot;")
            .replacing("<", with: "&lt;").replacing(">", with: "&gt;")
        return #"<a id="inbox" href="\#(address)" target="_blank" rel="noopener" data-text="inbox"></a>"#
    }
}
