internal import FoundationEssentials
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// A vendor's interface that is called with `POST /`.
protocol RootGateway: Sendable {
    /// Whether a request is meant for this vendor, from its headers.
    func isMeant(by request: Request) -> Bool

    /// Takes the message or refuses it, as the vendor does.
    func answer(_ request: Request, _ context: SandboxContext) async throws -> Response
}

/// The interfaces that are all called with `POST /`. A request's headers tell which vendor is meant.
struct RootGateways {
    /// Asked in this order. A further vendor is a further element.
    let vendors: [any RootGateway]

    func add(to gateways: RouterGroup<SandboxContext>) {
        gateways.post("/") { request, context in
            guard let vendor = vendors.first(where: { $0.isMeant(by: request) }) else {
                throw HTTPError(.notFound, message: "no vendor's action in the request's headers")
            }
            return try await vendor.answer(request, context)
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

    /// A header by its name in lower case. HTTP libraries keep `Host` apart from the others.
    func header(_ name: String) -> String? {
        name == "host" ? host : HTTPField.Name(name).flatMap { headers[$0] }
    }
}

extension RootCall {
    /// Reads a request; throws if its body has more than 64 KiB.
    init(_ request: Request) async throws {
        let body = try await request.body.collect(upTo: 64 * 1024)
        self.init(
            host: request.head.authority ?? "", query: request.uri.query ?? "", headers: request.headers,
            body: Data(body.readableBytesView))
    }
}
