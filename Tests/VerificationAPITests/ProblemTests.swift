import Foundation
import NIOHTTP1
import Testing

@Suite(.timeLimit(.minutes(5)))
struct ProblemTests {
    private struct Members: Codable, Equatable {
        var type: String
        var title: String
        var status: Int
        var detail: String
    }

    private func members(_ answer: RunningAPI.Answer) throws -> Members {
        #expect(answer.headers["Content-Type"] == ["application/problem+json"])
        #expect(answer.headers["Cache-Control"] == ["no-store"])
        let members = try JSONDecoder().decode(Members.self, from: Data(answer.body))
        #expect(members.status == answer.status)
        #expect(members.type == "about:blank")
        return members
    }

    @Test(arguments: ["/nothing", "/sms_codes/", "/image_codes", "/v1/none?x=1", "/..%2f"])
    func `An unknown path is a 404 problem`(path: String) async throws {
        try await withAPI { api in
            let problem = try members(try await api.get(path))
            #expect(problem.status == 404)
            #expect(problem.title == "Not Found")
        }
    }

    @Test func `A method that the path does not take names those that it takes`() async throws {
        try await withAPI { api in
            let answer = try await api.send(.POST, "/")
            let problem = try members(answer)
            #expect(problem.status == 405)
            #expect(problem.detail == "/ takes GET, HEAD, not POST.")
            #expect(answer.headers["Allow"] == ["GET, HEAD"])
        }
    }

    @Test func `A method that HTTP does not define is 501`() async throws {
        try await withAPI { api in
            let problem = try members(try await api.send(.RAW(value: "PROPFIND"), "/"))
            #expect(problem.status == 501)
        }
    }

    @Test func `A body beyond the limit is 413`() async throws {
        try await withAPI { api in
            let body = [UInt8](repeating: 0x20, count: 16 * 1024 + 1)
            let problem = try members(try await api.send(.POST, "/sms_codes/13800138000/", body: body))
            #expect(problem.status == 413)
            #expect(problem.detail.contains("16384"))
        }
    }

    @Test func `Too many header fields, and a head that is too long, are refused`() async throws {
        try await withAPI { api in
            let many = (0..<100).map { ("X-Field-\($0)", "1") }
            let long = [("X-Long", String(repeating: "a", count: 9 * 1024))]
            for headers in [many, long] {
                let refused = try await api.send(.GET, "/", headers: headers)
                #expect(refused.status == 400)
            }
            let served = try await api.get("/")
            #expect(served.status == 200)
        }
    }
}
