internal import FoundationEssentials
internal import HTTPTypes
internal import Hummingbird

/// Tencent Cloud's PullSmsSendStatusByPhoneNumber (SMS 2021-01-11): the receipts of a number. All that was sent has
/// arrived at once.
struct TencentQueryGateway: RootGateway {
    private static let action = "PullSmsSendStatusByPhoneNumber"

    let account: SandboxAccount.Tencent
    let sent: SentMessages
    let now: @Sendable () -> Date

    func isMeant(by request: Request) -> Bool {
        HTTPField.Name("x-tc-action").flatMap { request.headers[$0] } == Self.action
    }

    func answer(_ request: Request, _ context: some RequestContext) async throws -> Response {
        let call = try await RootCall(request)
        switch Result(catching: { () throws(TencentFault) in try receipts(call) }) {
        case .success(let receipts): return try Response.json(Answer(response: Answer.Content(receipts: receipts)))
        case .failure(let fault):
            return try Response.json(Answer(response: Answer.Content(failure: TencentAnswer.Failure(fault))))
        }
    }

    private func receipts(_ call: RootCall) throws(TencentFault) -> [Answer.Receipt] {
        guard let version = call.header("x-tc-version"), call.header("x-tc-region")?.isEmpty == false else {
            throw .parameterMissing
        }
        guard version == "2021-01-11" else { throw .versionUnknown }
        try TencentAuthorization(account: account, now: now()).check(call)
        guard let body = try? JSONDecoder().decode(Body.self, from: call.body) else { throw .parameterMalformed }
        guard body.appID == account.appID else { throw .applicationUnknown }
        guard let number = TencentNumber(body.number), body.offset == 0, (1...100).contains(body.limit) else {
            throw .parameterMalformed
        }
        let range = Date(timeIntervalSince1970: body.begin)...Date(timeIntervalSince1970: max(body.begin, body.end))
        return sent.messages(.tencent, to: number.e164).filter { range.contains($0.sent) }.prefix(body.limit)
            .map { Answer.Receipt($0) }
    }

    private struct Body: Decodable {
        var begin: TimeInterval
        var end: TimeInterval
        var offset: Int
        var limit: Int
        var number: String
        var appID: String

        enum CodingKeys: String, CodingKey {
            case begin = "BeginTime"
            case end = "EndTime"
            case offset = "Offset"
            case limit = "Limit"
            case number = "PhoneNumber"
            case appID = "SmsSdkAppId"
        }
    }

    private struct Answer: Encodable {
        var response: Content

        enum CodingKeys: String, CodingKey {
            case response = "Response"
        }

        struct Content: Encodable {
            var receipts: [Receipt]?
            var failure: TencentAnswer.Failure?
            var requestID = UUID().uuidString.lowercased()

            enum CodingKeys: String, CodingKey {
                case receipts = "PullSmsSendStatusSet"
                case failure = "Error"
                case requestID = "RequestId"
            }
        }

        struct Receipt: Encodable {
            var received: Int
            var number: String
            var messageID: String
            var taskID: String
            var status = "SUCCESS"
            var description = "DELIVRD"

            init(_ message: SentMessages.Entry) {
                received = Int(message.sent.timeIntervalSince1970)
                number = message.mobile
                messageID = message.messageID
                taskID = message.reference
            }

            enum CodingKeys: String, CodingKey {
                case received = "UserReceiveTime"
                case number = "PhoneNumber"
                case messageID = "SerialNo"
                case taskID = "SessionContext"
                case status = "ReportStatus"
                case description = "Description"
            }
        }
    }
}
