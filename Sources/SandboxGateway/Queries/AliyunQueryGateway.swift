internal import FoundationEssentials
internal import HTTPTypes
internal import Hummingbird

/// Aliyun's QuerySendDetails (Dysmsapi 2017-05-25): what was sent to a number on a day. All that was sent has arrived.
struct AliyunQueryGateway: RootGateway {
    private static let action = "QuerySendDetails"

    let account: SandboxAccount.Aliyun
    let sent: SentMessages
    let now: @Sendable () -> Date

    func isMeant(by request: Request) -> Bool {
        HTTPField.Name("x-acs-action").flatMap { request.headers[$0] } == Self.action
    }

    func answer(_ request: Request, _ context: some RequestContext) async throws -> Response {
        let call = try await RootCall(request)
        switch Result(catching: { () throws(AliyunFault) in try details(call) }) {
        case .success(let details): return try Response.json(details)
        case .failure(let fault):
            return try Response.json(AliyunRefusal(fault, host: call.host), status: fault.status)
        }
    }

    private func details(_ call: RootCall) throws(AliyunFault) -> Details {
        guard call.header("x-acs-version") == "2017-05-25" else { throw .versionUnknown }
        try AliyunAuthorization(account: account, now: now()).check(call)
        guard let query = AliyunParameters(call.query),
            let form = AliyunParameters(String(decoding: call.body, as: UTF8.self))
        else { throw .parametersUnreadable }
        func parameter(_ name: String) -> String { query[name] ?? form[name] ?? "" }
        guard let size = Int(parameter("PageSize")), (1...50).contains(size), parameter("CurrentPage") == "1",
            parameter("SendDate").wholeMatch(of: /[0-9]{8}/) != nil
        else { throw .parametersUnreadable }
        guard let match = parameter("PhoneNumber").wholeMatch(of: /(?:\+86|0086|86)?(1[0-9]{10})/) else {
            throw .numberMalformed
        }
        let messages = sent.messages(.aliyun, to: String(match.output.1))
            .filter { ChinaCalendar.string($0.sent).hasPrefix(parameter("SendDate")) }
        return Details(
            count: String(messages.count),
            list: Details.List(messages: messages.prefix(size).map { Details.Message(taskID: $0.reference) }))
    }

    private struct Details: Encodable {
        var code = "OK"
        var message = "OK"
        var requestID = UUID().uuidString
        var count: String
        var list: List

        enum CodingKeys: String, CodingKey {
            case code = "Code"
            case message = "Message"
            case requestID = "RequestId"
            case count = "TotalCount"
            case list = "SmsSendDetailDTOs"
        }

        struct List: Encodable {
            var messages: [Message]

            enum CodingKeys: String, CodingKey {
                case messages = "SmsSendDetailDTO"
            }
        }

        struct Message: Encodable {
            var taskID: String
            var status = 3
            var errorCode = "DELIVERED"

            enum CodingKeys: String, CodingKey {
                case taskID = "OutId"
                case status = "SendStatus"
                case errorCode = "ErrCode"
            }
        }
    }
}
