import NIOHTTP1
import TestSupport
import Testing

/// Gateways' reports over the real server, in each gateway's own form.
@Suite(.timeLimit(.minutes(5))) struct CallbackTests {
    private typealias Gateway = CallbackSystem.Gateway

    private static let answers: [CallbackSystem.Gateway: (status: Int, text: String)] = [
        .yuntongxun: (
            200, #"<?xml version="1.0" encoding="UTF-8"?><Response><statuscode>000000</statuscode></Response>"#
        ),
        .aliyun: (200, #"{"code":0,"msg":"ok"}"#), .tencent: (200, #"{"result":0,"errmsg":"OK"}"#),
        .twilio: (204, ""), .webhook: (204, ""),
    ]

    private func expectAccepted(_ answer: RunningAPI.Answer, _ gateway: CallbackSystem.Gateway) {
        #expect(answer.status == Self.answers[gateway]?.status, "\(answer.text)")
        #expect(answer.text == Self.answers[gateway]?.text)
    }

    @Test(arguments: CallbackSystem.Gateway.allCases)
    func `A report is answered as its gateway wants, and the message's state is known`(
        gateway: CallbackSystem.Gateway
    ) async throws {
        try await CallbackSystem.run { callbacks in
            for delivered in [true, false] {
                let job = "job-\(delivered)"
                try await callbacks.accepted(job, by: gateway, reference: "m-\(delivered)")
                expectAccepted(
                    try await callbacks.report(gateway, "m-\(delivered)", delivered: delivered, job: job), gateway)
                #expect(try await callbacks.state(job) == (delivered ? "delivered" : "failed"))
            }
        }
    }

    @Test(arguments: CallbackSystem.Gateway.allCases)
    func `Reports that come again, in another order or too early end at the same state`(
        gateway: CallbackSystem.Gateway
    ) async throws {
        try await CallbackSystem.run { callbacks in
            for (number, order) in [[true, false, true], [false, true, false], [false, false, true]].enumerated() {
                for isEarly in [false, true] {
                    let (job, reference) = ("job-\(number)-\(isEarly)", "m-\(number)-\(isEarly)")
                    if !isEarly { try await callbacks.accepted(job, by: gateway, reference: reference) }
                    for delivered in order {
                        expectAccepted(
                            try await callbacks.report(gateway, reference, delivered: delivered, job: job), gateway)
                    }
                    if isEarly { try await callbacks.accepted(job, by: gateway, reference: reference) }
                    #expect(try await callbacks.state(job) == "delivered", "\(order)")
                }
            }
        }
    }

    @Test(arguments: CallbackSystem.Gateway.allCases)
    func `A report on a message that nobody knows is answered as any other`(
        gateway: CallbackSystem.Gateway
    ) async throws {
        try await CallbackSystem.run { callbacks in
            try await callbacks.accepted("job", by: gateway, reference: "known")
            let known = try await callbacks.report(gateway, "known", delivered: true)
            let unknown = try await callbacks.report(gateway, "unknown", delivered: true, job: "other")
            #expect((known.status, known.text) == (unknown.status, unknown.text))
            #expect(known.headers.map(\.name) == unknown.headers.map(\.name))
        }
    }

    @Test func `No report changes a verification, not even of its own message`() async throws {
        try await CallbackSystem.run { callbacks in
            let caller = callbacks.system.caller()
            let id = try await caller.started("13800138000")
            let (job, code) = (try await callbacks.system.lastJobID(), try await callbacks.system.lastCode())
            let before = try await callbacks.system.storeDump()
            #expect(before.keys.contains("sms:verification:\(id)"))
            for gateway in CallbackSystem.Gateway.allCases {
                for named in [job, id, "sms:verification:\(id)", "../verification:\(id)"] {
                    for delivered in [true, false] {
                        _ = try await callbacks.report(gateway, named, delivered: delivered, job: named)
                    }
                }
                try await callbacks.accepted(job, by: gateway, reference: "m")
                _ = try await callbacks.report(gateway, "m", delivered: false, job: job)
            }
            #expect(try await callbacks.system.storeDump() == before)
            #expect(try await caller.check(id, "13800138000", code == "000000" ? "000001" : "000000").status == 422)
            #expect(try await caller.check(id, "13800138000", code).status == 200, "failed or not, the code is right")
        }
    }

    // MARK: - Forged reports

    @Test(arguments: [CallbackSystem.Gateway.yuntongxun, .aliyun, .tencent])
    func `Without the secret part of the address there is nothing`(gateway: CallbackSystem.Gateway) async throws {
        try await CallbackSystem.run { callbacks in
            let nothing = try await callbacks.system.api.send(.POST, "/callbacks/nobody/x", body: [])
            let right = try #require(CallbackSystem.secrets[gateway.rawValue])
            let other = CallbackSystem.secrets.first { $0.key != gateway.rawValue }?.value ?? ""
            for secret in ["x", other, String(right.dropLast()), right + "0", right.uppercased()] {
                let answer = try await callbacks.post(gateway, secret: secret, "[]")
                #expect(answer.status == 404)
                #expect(answer.text == nothing.text)
            }
        }
    }

    @Test func `A form that Twilio has not signed for this address is refused`() async throws {
        try await CallbackSystem.run { callbacks in
            try await callbacks.accepted("job", by: .twilio, reference: "SM1")
            let fields = [(name: "MessageSid", value: "SM1"), (name: "MessageStatus", value: "delivered")]
            let foreign = "\(callbacks.system.api.base)/callbacks/twilio?job=job"
            for answer in [
                try await callbacks.twilio(fields, query: "job=job", token: "another"),
                try await callbacks.twilio(fields, query: "job=job", signedAddress: foreign),
                try await callbacks.twilio(
                    fields, query: "job=job",
                    signedAddress: "\(CallbackSystem.publicAddress)/callbacks/twilio?job=other"),
                try await callbacks.system.api.send(
                    .POST, "/callbacks/twilio?job=job", body: Array("MessageSid=SM1&MessageStatus=delivered".utf8)),
            ] {
                #expect(answer.status == 403)
                #expect(answer.headers["Content-Type"] == ["application/problem+json"])
            }
            #expect(try await callbacks.state("job") == "accepted")
        }
    }

    @Test func `A webhook's report that is forged, changed or too old is refused`() async throws {
        try await CallbackSystem.run { callbacks in
            try await callbacks.accepted("job", by: .webhook, reference: "m-1")
            let body = #"{"type":"sms.report","id":"rep_1","job_id":"job","status":"delivered"}"#
            for answer in [
                try await callbacks.webhook(body, secret: "whsec_b3RoZXItd2ViaG9vay1rZXktMDEyMzQ1Njc4OWFi"),
                try await callbacks.webhook(body, signedBody: body.replacing("delivered", with: "failed")),
                try await callbacks.webhook(body, age: 400), try await callbacks.webhook(body, age: -400),
                try await callbacks.system.api.send(.POST, "/callbacks/webhook", body: Array(body.utf8)),
            ] { #expect(answer.status == 401) }
            #expect(try await callbacks.state("job") == "accepted")
            #expect(try await callbacks.webhook(body).status == 204)
            #expect(try await callbacks.state("job") == "delivered")
        }
    }

    // MARK: - Strange requests

    @Test func `What is no report is refused, and so is what is too long`() async throws {
        try await CallbackSystem.run { callbacks in
            for gateway in [CallbackSystem.Gateway.yuntongxun, .aliyun, .tencent] {
                let strange = try await callbacks.post(gateway, "what is this")
                #expect(strange.status == 400)
                let long = try await callbacks.post(gateway, String(repeating: " ", count: 64 * 1024) + "[]")
                #expect(long.status == 413)
            }
            let strange = try await callbacks.webhook("what is this")
            #expect(strange.status == 400)
        }
    }

    @Test func `A list of reports may be longer than other bodies`() async throws {
        try await CallbackSystem.run { callbacks in
            let reports = (0..<500).map { #"{"sid":"5000:\#($0)","report_status":"SUCCESS","errmsg":"DELIVRD"}"# }
            let body = "[\(reports.joined(separator: ","))]"
            #expect(body.utf8.count > 16 * 1024)
            try await callbacks.accepted("job", by: .tencent, reference: "5000:499")
            #expect(try await callbacks.post(.tencent, body).status == 200)
            #expect(try await callbacks.state("job") == "delivered")
        }
    }

    @Test func `While Redis is away the gateway is told to repeat`() async throws {
        try await CallbackSystem.run { callbacks in
            callbacks.system.brokerServer.kill()
            for gateway in CallbackSystem.Gateway.allCases {
                let answer = try await callbacks.report(gateway, "m", delivered: true)
                #expect(answer.status == 503)
            }
        }
    }

    @Test func `Unless they are configured there are no callbacks`() async throws {
        try await RunningVerificationAPI.run { system in
            for path in ["/callbacks/twilio", "/callbacks/webhook", "/callbacks/aliyun/aliyun-0123456789abcdef01"] {
                let answer = try await system.api.send(.POST, path, body: [])
                #expect(answer.status == 404)
            }
        }
    }

    @Test func `A callback takes POST and nothing else`() async throws {
        try await CallbackSystem.run { callbacks in
            for path in ["/callbacks/twilio", "/callbacks/aliyun/x"] {
                let answer = try await callbacks.system.api.get(path)
                #expect(answer.status == 405)
                #expect(answer.headers["Allow"] == ["POST"])
            }
        }
    }
}
