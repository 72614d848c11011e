internal import FoundationEssentials
internal import NIOCore

/// The answer to the action QuerySendDetails: what the gateway knows of a day's messages to one number. Their texts,
/// which stand there too, are not read.
struct AliyunSendDetails: Decodable, Sendable {
    private let code: String
    private let details: List?

    /// Nil for what is no such answer.
    init?(_ body: ByteBuffer) {
        guard let answer = try? JSONDecoder().decode(Self.self, from: Data(body.readableBytesView)),
            VendorCode.isWord(answer.code)
        else { return nil }
        self = answer
    }

    /// What became of one task's message.
    func result(for taskID: String) -> SendResult {
        guard code == "OK" else {
            return SendResult(.unknown(.pending), vendorCode: code, detail: "the query was refused: \(code)")
        }
        // A task that was tried more than once has several: one of them that arrived is enough.
        let own = details?.messages.filter { $0.taskID == taskID } ?? []
        guard let message = own.first(where: { $0.status != .failed }) ?? own.first else {
            // It may not have come so far as to be found.
            return SendResult(.unknown(.pending), detail: "asked about it, the gateway knows no such message yet")
        }
        guard message.status == .failed else {
            return SendResult(.accepted, detail: "asked about it, the gateway has the message")
        }
        return Self.failure(message.errorCode)
    }

    private static func failure(_ code: String?) -> SendResult {
        guard let code, VendorCode.isWord(code) else {
            return SendResult(.retry(.channel), detail: "asked about it, the gateway says that it did not arrive")
        }
        let (outcome, words) = AliyunReportCodes.table.meaning(of: code)
        return SendResult(
            outcome == .unknown(.unlisted) ? .retry(.channel) : outcome, vendorCode: code,
            detail: "asked about it, the gateway says that it did not arrive: \(code) \(words)")
    }

    private enum CodingKeys: String, CodingKey {
        case code = "Code"
        case details = "SmsSendDetailDTOs"
    }

    private struct List: Decodable {
        var messages: [Message]

        enum CodingKeys: String, CodingKey {
            case messages = "SmsSendDetailDTO"
        }
    }

    private struct Message: Decodable {
        enum Status: Int, Decodable {
            case waiting = 1
            case failed = 2
            case delivered = 3
        }

        var taskID: String?
        var status: Status
        var errorCode: String?

        enum CodingKeys: String, CodingKey {
            case taskID = "OutId"
            case status = "SendStatus"
            case errorCode = "ErrCode"
        }
    }
}
