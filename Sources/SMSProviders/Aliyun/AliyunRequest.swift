internal import NIOCore
internal import NIOHTTP1

/// One call of the Dysmsapi 2017-05-25, signed and ready to be sent.
///
/// The parameters are in a form body. The vendor's SDK writes them into the query instead, but then a request would be
/// complete without a body, and a call that breaks off could not tell whether the message may have left; and addresses
/// with numbers and codes in them end up in the logs of proxies.
struct AliyunRequest: Sendable {
    let headers: HTTPHeaders
    let body: ByteBuffer

    /// SendSms, which sends a message.
    ///
    /// - Parameters:
    ///   - secondsSince1970: The instant of the call, which the signature covers.
    ///   - nonce: What no other request of the account has, not even a repetition of this one.
    init(
        _ message: OutgoingMessage, to recipient: PhoneNumberForm, at address: GatewayAddress,
        with account: AliyunConfiguration, secondsSince1970: Int, nonce: String
    ) {
        self.init(
            action: "SendSms", Self.parameters(message, to: recipient, with: account), at: address, with: account,
            secondsSince1970: secondsSince1970, nonce: nonce)
    }

    /// QuerySendDetails, which asks about the newest messages of one day to one number.
    ///
    /// - Parameter sent: When the message was sent, in seconds since 1970-01-01 00:00 UTC.
    init(
        askingAboutMessagesTo recipient: PhoneNumberForm, sentAt sent: Int, at address: GatewayAddress,
        with account: AliyunConfiguration, secondsSince1970: Int, nonce: String
    ) {
        let parameters = [
            (name: "CurrentPage", value: "1"),
            (name: "PageSize", value: "50"),
            (name: "PhoneNumber", value: recipient.mainland ?? recipient.withoutPlus),
            (name: "SendDate", value: String(ChinaTime.stamp(secondsSince1970: sent).prefix(8))),
        ]
        self.init(
            action: "QuerySendDetails", parameters, at: address, with: account, secondsSince1970: secondsSince1970,
            nonce: nonce)
    }

    private init(
        action: String, _ parameters: [(name: String, value: String)], at address: GatewayAddress,
        with account: AliyunConfiguration, secondsSince1970: Int, nonce: String
    ) {
        let form = PercentEncoding.form(parameters)
        let signature = AliyunSignature(
            action: action, version: "2017-05-25", host: address.host, path: address.path,
            contentType: "application/x-www-form-urlencoded", body: form, secondsSince1970: secondsSince1970,
            nonce: nonce)
        let authorization = signature.authorization(keyID: account.accessKeyID, secret: account.accessKeySecret)
        headers = HTTPHeaders(
            signature.headers.map { ($0.name, $0.value) }
                + [("authorization", authorization), ("accept", "application/json")])
        body = ByteBuffer(string: form)
    }

    private static func parameters(
        _ message: OutgoingMessage, to recipient: PhoneNumberForm, with account: AliyunConfiguration
    ) -> [(name: String, value: String)] {
        let template = message.templates[Aliyun.name]
        return [
            ("OutId", message.taskID),
            ("PhoneNumbers", recipient.mainland ?? recipient.withoutPlus),
            ("SignName", account.signName),
            ("TemplateCode", template?.id ?? account.templateCode),
            ("TemplateParam", templateVariables(template, message, with: account)),
        ]
    }

    /// A JSON object, all values strings.
    private static func templateVariables(
        _ template: MessageTemplate?, _ message: OutgoingMessage, with account: AliyunConfiguration
    ) -> String {
        let names: [TemplateVariable: String?] = [.code: account.codeVariable, .minutes: account.minutesVariable]
        let members = (template?.variables ?? [.code, .minutes]).compactMap { variable in
            (names[variable] ?? nil).map { name in
                "\(JSONText.literal(name)):\(JSONText.literal(variable.value(in: message)))"
            }
        }
        return "{\(members.joined(separator: ","))}"
    }
}
