internal import NIOCore
internal import NIOHTTP1

/// One SendSms call (Dysmsapi 2017-05-25), signed and ready to be sent.
///
/// The parameters are in a form body. The vendor's SDK writes them into the query instead, but then a request would be
/// complete without a body, and a call that breaks off could not tell whether the message may have left; and addresses
/// with numbers and codes in them end up in the logs of proxies.
struct AliyunRequest: Sendable {
    let headers: HTTPHeaders
    let body: ByteBuffer

    /// - Parameters:
    ///   - secondsSince1970: The instant of the call, which the signature covers.
    ///   - nonce: What no other request of the account has, not even a repetition of this one.
    init(
        _ message: OutgoingMessage, to recipient: PhoneNumberForm, at address: GatewayAddress,
        with account: AliyunConfiguration, secondsSince1970: Int, nonce: String
    ) {
        let form = PercentEncoding.form(Self.parameters(message, to: recipient, with: account))
        let signature = AliyunSignature(
            action: "SendSms", version: "2017-05-25", host: address.host, path: address.path,
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
