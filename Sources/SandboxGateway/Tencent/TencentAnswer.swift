internal import FoundationEssentials

/// What the vendor answers: what became of each number, or why the request as a whole was refused.
struct TencentAnswer: Encodable {
    private let content: Content

    init(_ result: Result<[Status], TencentFault>) {
        content = Content(result)
    }

    private enum CodingKeys: String, CodingKey {
        case content = "Response"
    }

    private struct Content: Encodable {
        var statuses: [Status]?
        var failure: Failure?
        var requestID = UUID().uuidString.lowercased()

        init(_ result: Result<[Status], TencentFault>) {
            switch result {
            case .success(let statuses): self.statuses = statuses
            case .failure(let fault): failure = Failure(fault)
            }
        }

        enum CodingKeys: String, CodingKey {
            case statuses = "SendStatusSet"
            case failure = "Error"
            case requestID = "RequestId"
        }
    }

    /// Why the request as a whole was refused.
    struct Failure: Encodable {
        var code: String
        var message: String

        init(_ fault: TencentFault) {
            code = fault.rawValue
            message = fault.message
        }

        enum CodingKeys: String, CodingKey {
            case code = "Code"
            case message = "Message"
        }
    }

    /// What became of one number.
    struct Status: Encodable {
        var number: String
        var sessionContext: String
        /// The message's identifier.
        let serialNumber = "5000:\(UInt64.random(in: 1_000_000_000_000_000_000...9_999_999_999_999_999_999))"
        /// Why the number gets no message.
        var fault: TencentFault?
        /// Of the message that the number gets.
        var receipt: GatewayDelivery.Receipt?

        init(number: String, sessionContext: String) {
            self.number = number
            self.sessionContext = sessionContext
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(number, forKey: .number)
            try container.encode(sessionContext, forKey: .sessionContext)
            try container.encode(fault == nil ? serialNumber : "", forKey: .serialNumber)
            try container.encode(fault == nil ? 1 : 0, forKey: .fee)
            try container.encode(fault?.rawValue ?? "Ok", forKey: .code)
            try container.encode(fault?.message ?? "send success", forKey: .message)
            try container.encode(fault == nil ? "CN" : "", forKey: .country)
        }

        private enum CodingKeys: String, CodingKey {
            case number = "PhoneNumber"
            case sessionContext = "SessionContext"
            case serialNumber = "SerialNo"
            case fee = "Fee"
            case code = "Code"
            case message = "Message"
            case country = "IsoCode"
        }
    }
}
