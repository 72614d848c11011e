internal import FoundationEssentials
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// The vendor's description of a message that it has just taken, as far as it knows it by then.
struct TwilioMessageResource: Encodable {
    var accountSid: String
    var apiVersion = "2010-04-01"
    var body: String
    var dateCreated: String
    var dateSent = Null()
    var dateUpdated: String
    var direction = "outbound-api"
    var errorCode = Null()
    var errorMessage = Null()
    var from: String?
    var messagingServiceSid: String?
    var numMedia = "0"
    var numSegments: String
    var price = Null()
    var priceUnit = "USD"
    var sid: String
    var status: String
    var to: String
    var uri: String

    enum CodingKeys: String, CodingKey {
        case body, direction, from, price, sid, status, to, uri
        case accountSid = "account_sid"
        case apiVersion = "api_version"
        case dateCreated = "date_created"
        case dateSent = "date_sent"
        case dateUpdated = "date_updated"
        case errorCode = "error_code"
        case errorMessage = "error_message"
        case messagingServiceSid = "messaging_service_sid"
        case numMedia = "num_media"
        case numSegments = "num_segments"
        case priceUnit = "price_unit"
    }

    /// A member that has no value yet.
    struct Null: Encodable {
        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            try container.encodeNil()
        }
    }

    init(_ message: TwilioMessage, sid: String, account: SandboxAccount.Twilio, created: Date) {
        accountSid = account.accountSID
        body = message.text
        dateCreated = TwilioCalendar.string(created)
        dateUpdated = dateCreated
        from = message.from
        messagingServiceSid = message.messagingServiceSID
        // A messaging service takes the message first and chooses the sender, and so the parts, later.
        numSegments = from == nil ? "0" : "\(TwilioSegments.count(message.text))"
        status = from == nil ? "accepted" : "queued"
        self.sid = sid
        to = message.to
        uri = "/2010-04-01/Accounts/\(account.accountSID)/Messages/\(sid).json"
    }
}

/// The vendor's description of what is wrong.
struct TwilioRefusal: Encodable {
    var code: Int
    var message: String
    var moreInfo: String
    var status: Int

    enum CodingKeys: String, CodingKey {
        case code, message, status
        case moreInfo = "more_info"
    }

    init(_ fault: TwilioFault) {
        code = fault.rawValue
        message = fault.message
        moreInfo = "https://www.twilio.com/docs/errors/\(fault.rawValue)"
        status = fault.status.code
    }
}

extension Response {
    /// An answer of the vendor's.
    ///
    /// - Parameter retryAfter: The seconds until the caller may try again.
    static func twilio(
        _ value: some Encodable, status: HTTPResponse.Status, retryAfter: Int? = nil
    ) throws -> Response {
        var headers: HTTPFields = [.contentType: "application/json"]
        headers[.retryAfter] = retryAfter.map(String.init)
        if status == .unauthorized { headers[.wwwAuthenticate] = #"Basic realm="Twilio API""# }
        return Response(
            status: status, headers: headers,
            body: .init(byteBuffer: ByteBuffer(bytes: try JSONEncoder.sandbox.encode(value))))
    }
}
