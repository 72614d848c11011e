import HTTPTypes
import Hummingbird

extension HTTPRequest.Method {
    /// The methods of RFC 9110 section 9 and RFC 5789, and QUERY. The service answers any other with 501.
    static let defined: [HTTPRequest.Method] =
        [.get, .head, .post, .put, .delete, .connect, .options, .trace, .patch]
        + (HTTPRequest.Method(rawValue: "QUERY").map { [$0] } ?? [])
}

extension RouterMethods {
    /// Answers every method that HTTP defines but that `path` does not take with 405 and `Allow` (RFC 9110, 15.5.6).
    ///
    /// HEAD is refused where it is not listed: a GET with side effects has no HEAD that is free of them.
    @discardableResult
    func allow(_ allowed: HTTPRequest.Method..., at path: RouterPath) -> Self {
        let list = allowed.map(\.rawValue).joined(separator: ", ")
        for method in HTTPRequest.Method.defined where !allowed.contains(method) {
            on(path, method: method) { _, context -> Response in
                throw Problem(
                    .methodNotAllowed, detail: "\(context.routePattern) takes \(list), not \(method.rawValue).",
                    headers: [.allow: list])
            }
        }
        return self
    }
}
