internal import FoundationEssentials
internal import NIOCore

/// The answer to the action PullSmsSendStatusByPhoneNumber: the receipts of one number.
struct TencentSendStatuses: Decodable, Sendable {
    private let response: Response

    /// Nil for what is no such answer.
    init?(_ body: ByteBuffer) {
        guard let answer = try? JSONDecoder().decode(Self.self, from: Data(body.readableBytesView)) else { return nil }
        self = answer
    }

    /// What became of one task's message.
    func result(for taskID: String) -> SendResult {
        guard let receipts = response.receipts else {
            let code = response.fault?.code ?? ""
            return VendorCode.isWord(code)
                ? SendResult(.unknown(.pending), vendorCode: code, detail: "the query was refused: \(code)")
                : SendResult(.unknown(.pending), detail: "the query was refused")
        }
        // A task that was tried more than once has several: one of them that arrived is enough.
        let own = receipts.filter { $0.taskID == taskID }
        guard !own.isEmpty else {
            return SendResult(.unknown(.pending), detail: "asked about it, the gateway has no receipt of the message")
        }
        return own.contains { $0.status == "SUCCESS" }
            ? SendResult(.accepted, detail: "asked about it, the gateway says that the message has arrived")
            : SendResult(.retry(.channel), detail: "asked about it, the gateway says that it did not arrive")
    }

    private enum CodingKeys: String, CodingKey {
        case response = "Response"
    }

    private struct Response: Decodable {
        var receipts: [Receipt]?
        var fault: Fault?

        enum CodingKeys: String, CodingKey {
            case receipts = "PullSmsSendStatusSet"
            case fault = "Error"
        }
    }

    private struct Receipt: Decodable {
        var taskID: String?
        var status: String?

        enum CodingKeys: String, CodingKey {
            case taskID = "SessionContext"
            case status = "ReportStatus"
        }
    }

    private struct Fault: Decodable {
        var code: String

        enum CodingKeys: String, CodingKey {
            case code = "Code"
        }
    }
}
