import HTTPTypes
import Hummingbird
import NIOCore

extension RouterMethods {
    /// Answers GET and HEAD at `path` with the same bytes every time, and all other methods with 405.
    func serve(_ content: ByteBuffer, at path: RouterPath, headers: HTTPFields) {
        let answer: @Sendable (Request, Context) -> Response = { _, _ in
            Response(status: .ok, headers: headers, body: .init(byteBuffer: content))
        }
        on(path, method: .get, use: answer)
            .on(path, method: .head, use: answer)
            .allow(.get, .head, at: path)
    }
}
