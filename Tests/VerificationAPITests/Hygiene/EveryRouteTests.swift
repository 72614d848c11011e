import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOHTTP1
import Operations
import RedisClient
import Testing

@testable import VerificationAPI

/// What holds for every route that there is, and what `/openapi.json` says about them.
@Suite(.timeLimit(.minutes(5))) struct EveryRouteTests {
    private static func routes(tutorial: Bool = true) async throws -> [String: String] {
        let nowhere = try RedisURL("redis://127.0.0.1:1/0")
        var configuration = APIConfiguration(port: 0, store: nowhere, broker: nowhere)
        configuration.hasTutorialRoutes = tutorial
        let service = try await APIService(
            configuration, logger: .init(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
        let paths = Set(service.router.build().routes.map { "\($0.path)" })
        return Dictionary(
            uniqueKeysWithValues: paths.map { path in
                (
                    path,
                    path.replacing("{id}", with: "5e3f0d6e-0c5c-4a46-a1a3-0c1a3b6f7d10").replacing(
                        "{mobile}", with: "1")
                )
            })
    }

    @Test func `Every method that a path does not take is 405 with those that it takes`() async throws {
        let routes = try await Self.routes()
        #expect(routes.count >= 12)
        try await withService { api in
            for path in routes.values {
                let probe = try await api.send(.DELETE, path)
                let allowed = try #require(probe.headers["Allow"].first?.components(separatedBy: ", "), "\(path)")
                #expect(probe.status == 405)
                for method in HTTPRequest.Method.defined where method != .connect {
                    let answer = try await api.send(.init(rawValue: method.rawValue), path)
                    #expect((answer.status == 405) != allowed.contains(method.rawValue), "\(method) \(path)")
                    if answer.status == 405 { #expect(answer.headers["Allow"] == probe.headers["Allow"]) }
                    if method == .head { #expect(answer.body.isEmpty) }
                }
                if allowed.contains("HEAD") {
                    let (get, head) = (try await api.get(path), try await api.send(.HEAD, path))
                    for name in ["Content-Type", "Content-Length", "Cache-Control"] {
                        #expect(get.headers[name] == head.headers[name], "\(path)")
                    }
                }
            }
        }
    }

    @Test func `Every answer has the security headers, and no cache keeps those of v1`() async throws {
        let paths = Array(try await Self.routes().values) + ["/nothing", "/v1/none", "/v1", "/..%2f"]
        try await withService { api in
            for path in paths {
                for method in [HTTPMethod.GET, .POST, .HEAD, .OPTIONS, .RAW(value: "PROPFIND")] {
                    let answer = try await api.send(method, path)
                    for field in HTTPFields.security {
                        #expect(answer.headers[field.name.rawName] == [field.value], "\(method) \(path)")
                    }
                    #expect(answer.headers["Strict-Transport-Security"].isEmpty)
                    if path.hasPrefix("/v1") { #expect(answer.headers["Cache-Control"] == ["no-store"]) }
                }
            }
            for path in ["/v1/captchas", "/v1/proof-of-work"] {
                let answer = try await api.post(path)
                #expect(answer.status == 201)
                #expect(answer.headers["Cache-Control"] == ["no-store"])
            }
        }
    }

    @Test func `A failure has the security headers too`() async throws {
        struct NoFont: Error {}
        let draw: CaptchaDrawing = { _ in throw NoFont() }
        try await withAPI(drawCaptcha: draw) { api in
            let answer = try await api.get("/image_codes/5e3f0d6e-0c5c-4a46-a1a3-0c1a3b6f7d10/")
            #expect(answer.status == 500)
            for field in HTTPFields.security { #expect(answer.headers[field.name.rawName] == [field.value]) }
        }
    }

    @Test func `Behind an https address browsers are told to use nothing else`() async throws {
        try await withService(\.isSecure, true) { api in
            for path in ["/", "/nothing", "/v1/captchas"] {
                let answer = try await api.get(path)
                #expect(answer.headers["Strict-Transport-Security"] == ["max-age=31536000"])
            }
            let answer = try await api.post("/v1/proof-of-work")
            #expect(answer.headers["Set-Cookie"].first?.hasSuffix("; Secure") == true)
        }
    }

    private struct Description: Decodable {
        struct Operation: Decodable { var responses: [String: Part] }
        struct Part: Decodable {}
        struct Information: Decodable { var version: String }
        var openapi: String
        var info: Information
        var paths: [String: [String: Operation]]
    }

    /// HEAD goes with GET, and the page's files are no part of the interface.
    @Test(arguments: [true, false])
    func `The description has the routes that there are, and no others`(tutorial: Bool) async throws {
        let routes = try await Self.routes(tutorial: tutorial)
        try await withService(\.hasTutorialRoutes, tutorial) { api in
            let answer = try await api.get("/openapi.json")
            #expect(answer.headers["Content-Type"] == ["application/json"])
            let description = try JSONDecoder().decode(Description.self, from: Data(answer.body))
            #expect(description.openapi.hasPrefix("3.1."))
            #expect(description.info.version == Version.current)
            let described = description.paths.flatMap { path, operations in
                operations.keys.map { "\($0.uppercased()) \(path.hasSuffix("/") ? String(path.dropLast()) : path)" }
            }
            var served: [String] = []
            for (pattern, path) in routes {
                let type = try await api.get(path).headers["Content-Type"].first ?? ""
                if type.hasPrefix("text/") || type.hasPrefix("image/svg") { continue }
                let allowed = try await api.send(.DELETE, path).headers["Allow"].first ?? ""
                served += allowed.components(separatedBy: ", ").filter { $0 != "HEAD" }.map { "\($0) \(pattern)" }
            }
            #expect(Set(described) == Set(served))
        }
    }

    @Test func `Every kind of problem is described with its status`() throws {
        let document = try #require(
            try JSONSerialization.jsonObject(with: Data(PackageResources.openapi_json)) as? [String: Any])
        let components = try #require(document["components"] as? [String: Any])
        let schemas = try #require(components["schemas"] as? [String: [String: Any]])
        let kinds = schemas.values.compactMap { schema -> [String: [String: Any]]? in
            let properties = schema["properties"] as? [String: [String: Any]]
            return (properties?["type"]?["const"] as? String)?.hasPrefix("urn:") == true ? properties : nil
        }
        #expect(kinds.count == ProblemType.allCases.count)
        for type in ProblemType.allCases {
            let kind = kinds.first { $0["type"]?["const"] as? String == type.uri }
            #expect(kind?["status"]?["const"] as? Int == type.status.code, "\(type)")
            #expect(kind?["title"]?["const"] as? String == type.title, "\(type)")
        }
    }
}
