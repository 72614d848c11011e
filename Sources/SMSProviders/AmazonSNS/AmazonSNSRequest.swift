internal import NIOCore
internal import NIOHTTP1

/// One Publish call (Amazon SNS 2010-03-31), signed and ready to be sent to the path `/`.
struct AmazonSNSRequest: Sendable {
    let headers: HTTPHeaders
    let body: ByteBuffer

    /// - Parameter secondsSince1970: The instant of the call, which the signature holds.
    init(
        _ message: OutgoingMessage, to recipient: PhoneNumberForm, at address: GatewayAddress,
        with account: AmazonSNSConfiguration, secondsSince1970: Int
    ) {
        let form = PercentEncoding.form(Self.fields(message, to: recipient, with: account))
        var signed = [
            (name: "content-type", value: "application/x-www-form-urlencoded; charset=utf-8"),
            (name: "host", value: address.host),
            (name: "x-amz-date", value: AWSSignature.timestamp(secondsSince1970: secondsSince1970)),
        ]
        if let token = account.sessionToken { signed.append((name: "x-amz-security-token", value: token)) }
        let signature = AWSSignature(
            headers: signed, body: form, region: account.region, service: "sns", secondsSince1970: secondsSince1970)
        let authorization = signature.authorization(keyID: account.accessKeyID, secret: account.secretAccessKey)
        headers = HTTPHeaders(signed.map { ($0.name, $0.value) } + [("authorization", authorization)])
        body = ByteBuffer(string: form)
    }

    private static func fields(
        _ message: OutgoingMessage, to recipient: PhoneNumberForm, with account: AmazonSNSConfiguration
    ) -> [(name: String, value: String)] {
        var attributes = [("AWS.SNS.SMS.SMSType", "String", "Transactional")]
        if let sender = account.senderID { attributes.append(("AWS.SNS.SMS.SenderID", "String", sender)) }
        if let price = account.maxPrice { attributes.append(("AWS.SNS.SMS.MaxPrice", "Number", price)) }
        if let number = account.originationNumber {
            attributes.append(("AWS.MM.SMS.OriginationNumber", "String", number))
        }
        let text = message.templates[AmazonSNS.name]?.text ?? account.text
        let fields = [
            ("Action", "Publish"), ("Version", "2010-03-31"), ("PhoneNumber", recipient.e164),
            ("Message", MessageText.filled(text, for: message)),
        ]
        let entries = attributes.enumerated().flatMap { index, attribute in
            let entry = "MessageAttributes.entry.\(index + 1)"
            return [
                ("\(entry).Name", attribute.0), ("\(entry).Value.DataType", attribute.1),
                ("\(entry).Value.StringValue", attribute.2),
            ]
        }
        return (fields + entries).map { (name: $0.0, value: $0.1) }
    }
}
