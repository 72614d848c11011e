import HTTPTypes
import Hummingbird

/// The page at `/` and its files, filled in once and answered from memory.
struct DemoPage: Sendable {
    private let files: [(path: RouterPath, type: String, content: ByteBuffer)]

    init(options: DemoPageOptions) {
        let page = String(decoding: PackageResources.index_html, as: UTF8.self)
            .replacing("{{hint}}", with: Self.hint(options.inboxURL))
            .replacing("{{rows}}", with: options.picturesHaveRows ? #" <span data-text="upperRowFirst"></span>"# : "")
        func script(_ path: RouterPath, _ bytes: [UInt8]) -> (RouterPath, String, ByteBuffer) {
            (path, "text/javascript; charset=utf-8", ByteBuffer(bytes: bytes))
        }
        files = [
            ("/", "text/html; charset=utf-8", ByteBuffer(string: page)),
            ("/page.css", "text/css; charset=utf-8", ByteBuffer(bytes: PackageResources.page_css)),
            ("/favicon.ico", "image/svg+xml", ByteBuffer(bytes: PackageResources.favicon_svg)),
            script("/page.js", PackageResources.page_js),
            script("/api.js", PackageResources.api_js),
            script("/language.js", PackageResources.language_js),
            script("/memory.js", PackageResources.memory_js),
            script("/proof.js", PackageResources.proof_js),
            script("/proof-of-work.js", PackageResources.proof_of_work_js),
            script("/receipt.js", PackageResources.receipt_js),
            script("/texts.js", PackageResources.texts_js),
        ]
    }

    func add(to router: some RouterMethods<APIRequestContext>) {
        for file in files {
            router.serve(
                file.content, at: file.path, headers: [.contentType: file.type, .cacheControl: "no-cache"])
        }
    }

    /// Where a demo's messages are to be found.
    private static func hint(_ inboxURL: String?) -> String {
        guard let inboxURL else { return "" }
        let address =
            inboxURL
            .replacing("&", with: "&amp;").replacing("\"", with: "&quot;")
            .replacing("<", with: "&lt;").replacing(">", with: "&gt;")
        return """
            <p class="hint"><span data-text="hint"></span> \
            <a id="inbox" href="\(address)" target="_blank" rel="noopener" data-text="inbox"></a></p>
            """
    }
}
