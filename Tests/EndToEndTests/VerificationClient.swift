import AsyncHTTPClient
import Crypto
import Foundation
import NIOCore
import NIOHTTP1
import TestSupport
import Testing

/// A client of `/v1` that does the work instead of reading a picture.
struct VerificationClient {
    struct Answer {
        var status: UInt
        var body: [String: Any]

        func text(_ name: String) throws -> String { try #require(body[name] as? String, "\(body)") }
    }

    let api: String
    let token = (0..<32).map { _ in String(Int.random(in: 0...15), radix: 16) }.joined()

    /// - Parameter name: The request's own, for `Idempotency-Key`.
    func post(_ path: String, _ body: [String: Any], name: String? = nil) async throws -> Answer {
        var request = HTTPClientRequest(url: "\(api)/v1/\(path)")
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/json")
        if let name { request.headers.add(name: "Idempotency-Key", value: name) }
        let all = body.merging(["client_token": token]) { one, _ in one }
        request.body = .bytes(try JSONSerialization.data(withJSONObject: all))
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(15))
        let bytes = try await response.body.collect(upTo: 1 << 20)
        let object = try JSONSerialization.jsonObject(with: Data(bytes.readableBytesView)) as? [String: Any]
        return Answer(status: response.status.code, body: try #require(object))
    }

    /// The id of a new verification.
    func start(_ mobile: String, _ fields: [String: Any] = [:], name: String? = nil) async throws -> String {
        let challenge = try await post("proof-of-work", [:]).text("challenge")
        let work = ["challenge": challenge, "solution": try Self.solution(of: challenge)]
        let body = fields.merging(["mobile": mobile, "proof_of_work": work]) { $1 }
        let started = try await post("verifications", body, name: name)
        #expect(started.status == 202, "\(started.body)")
        return try started.text("id")
    }

    func check(_ id: String, _ mobile: String, _ code: String) async throws -> Answer {
        try await post("verifications/check", ["id": id, "mobile": mobile, "code": code])
    }

    /// Sixteen counters, each of which gives a hash with so many zero bits in front.
    private static func solution(of challenge: String) throws -> String {
        let bits = try #require(Int(challenge.split(separator: ".")[2])) - 4
        let seed = Data(SHA256.hash(data: Data(challenge.utf8)))
        var solution = Data()
        for puzzle in UInt32(0)..<16 {
            let start = seed + withUnsafeBytes(of: puzzle.bigEndian) { Data($0) }
            let counter = UInt32(0)...UInt32.max
            let found = counter.first { number in
                let trial = start + withUnsafeBytes(of: number.bigEndian) { Data($0) }
                let word = SHA256.hash(data: trial).prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
                return word.leadingZeroBitCount >= bits
            }
            solution += withUnsafeBytes(of: try #require(found).bigEndian) { Data($0) }
        }
        return solution.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
            .replacing("=", with: "")
    }
}
