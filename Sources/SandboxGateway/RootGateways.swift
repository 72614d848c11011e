internal import FoundationEssentials
internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import NIOCore

/// A vendor's interface that is called with `POST /`.
protocol RootGateway: Sendable {
    /// Whether a request with these headers is meant for this vendor.
    func recognizes(_ headers: HTTPFields) -> Bool

    /// Takes the message or refuses it, as the vendor does.
    func answer(_ call: RootCall, logger: Logger) async throws -> Response
}

/// The interfaces that are all called with `POST /`. A request's headers tell which vendor is meant.
struct RootGateways {
    /// Asked in this order. A further vendor is a further element.
    let vendors: [any RootGateway]

    func add(to gateways: RouterGroup<BasicRequestContext>) {
        gateways.post("/") { request, context in
            guard let vendor = vendors.first(where: { $0.recognizes(request.headers) }) else {
                throw HTTPError(.notFound, message: "no vendor's action in the request's headers")
            }
            let body = try await request.body.collect(upTo: 64 * 1024)
            let call = RootCall(
                host: request.head.authority ?? "", query: request.uri.query ?? "", headers: request.headers,
                body: Data(body.readableBytesView))
            return try await vendor.answer(call, logger: context.logger)
        }
    }
}

/// What a `POST /` says, as far as signatures cover it.
struct RootCall: Sendable {
    /// The `Host` header.
    var host: String
    /// As it was sent, without the question mark.
    var query = ""
    var headers: HTTPFields
    var body: Data

    /// The names of all headers, in lower case.
    var headerNames: Set<String> {
        Set(headers.map(\.name.canonicalName)).union(["host"])
    }

    /// A header by its name in lower case. HTTP libraries keep `Host` apart from the others.
    func header(_ name: String) -> String? {
        name == "host" ? host : HTTPField.Name(name).flatMap { headers[$0] }
    }
}
