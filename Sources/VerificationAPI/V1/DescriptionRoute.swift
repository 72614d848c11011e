import HTTPTypes
import Hummingbird

/// `GET /openapi.json`: what the interface takes and answers, in OpenAPI 3.1.
///
/// Source: <https://spec.openapis.org/oas/v3.1.1.html>
struct DescriptionRoute: Sendable {
    /// The tutorial's routes are there, and described.
    let hasTutorialRoutes: Bool

    func add(to router: some RouterMethods<APIRequestContext>) {
        router.serve(
            ByteBuffer(string: document), at: "/openapi.json",
            headers: [.contentType: "application/json", .cacheControl: "public, max-age=300"])
    }

    /// The tutorial's paths stand in a file of their own, an object whose members go before the last path.
    private var document: String {
        let document = String(decoding: PackageResources.openapi_json, as: UTF8.self)
        guard hasTutorialRoutes else { return document }
        let paths = String(decoding: PackageResources.openapi_tutorial_json, as: UTF8.self)
        let members = paths.drop { $0 != "\"" }.prefix(upTo: paths.lastIndex(of: "}") ?? paths.endIndex)
        let lastPath = #""/openapi.json": {"#
        return document.replacing(lastPath, with: "\(members), \(lastPath)")
    }
}
