internal import NIOCore
internal import NIOHTTP1

/// One SendSms call (Tencent Cloud SMS 2021-01-11), signed and ready to be sent.
struct TencentRequest: Sendable {
    let headers: HTTPHeaders
    let body: ByteBuffer

    /// - Parameter secondsSince1970: The instant of the call, which the signature covers.
    init(
        _ message: OutgoingMessage, to recipient: PhoneNumberForm, at address: GatewayAddress,
        with account: TencentConfiguration, secondsSince1970: Int
    ) {
        let json = Self.json(message, to: recipient, with: account)
        let signed = [
            (name: "content-type", value: "application/json; charset=utf-8"),
            (name: "host", value: address.host),
        ]
        let signature = TencentSignature(
            path: address.path, headers: signed, body: json, secondsSince1970: secondsSince1970)
        headers = HTTPHeaders(
            signed.map { ($0.name, $0.value) } + [
                ("x-tc-action", "SendSms"),
                ("x-tc-version", "2021-01-11"),
                ("x-tc-timestamp", String(secondsSince1970)),
                ("x-tc-region", account.region),
                ("authorization", signature.authorization(secretID: account.secretID, secretKey: account.secretKey)),
            ])
        body = ByteBuffer(string: json)
    }

    private static func json(
        _ message: OutgoingMessage, to recipient: PhoneNumberForm, with account: TencentConfiguration
    ) -> String {
        let template = message.templates[Tencent.name]
        let variables = (template?.variables ?? account.templateVariables).map { $0.value(in: message) }
        let members = [
            "\"PhoneNumberSet\":[\(JSONText.literal(recipient.e164))]",
            "\"SmsSdkAppId\":\(JSONText.literal(account.appID))",
            "\"TemplateId\":\(JSONText.literal(template?.id ?? account.templateID))",
            "\"SignName\":\(JSONText.literal(account.signName))",
            "\"TemplateParamSet\":[\(variables.map(JSONText.literal).joined(separator: ","))]",
            "\"SessionContext\":\(JSONText.literal(message.taskID))",
        ]
        return "{\(members.joined(separator: ","))}"
    }
}
