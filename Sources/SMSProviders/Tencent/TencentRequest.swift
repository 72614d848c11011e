internal import NIOCore
internal import NIOHTTP1

/// One call of Tencent Cloud SMS 2021-01-11, signed and ready to be sent.
struct TencentRequest: Sendable {
    let headers: HTTPHeaders
    let body: ByteBuffer

    /// SendSms, which sends a message.
    ///
    /// - Parameter secondsSince1970: The instant of the call, which the signature covers.
    init(
        _ message: OutgoingMessage, to recipient: PhoneNumberForm, at address: GatewayAddress,
        with account: TencentConfiguration, secondsSince1970: Int
    ) {
        self.init(
            action: "SendSms", Self.json(message, to: recipient, with: account), at: address, with: account,
            secondsSince1970: secondsSince1970)
    }

    /// PullSmsSendStatusByPhoneNumber, which asks about the messages to one number.
    ///
    /// - Parameter sent: When the message was sent, in seconds since 1970-01-01 00:00 UTC.
    init(
        askingAboutMessagesTo recipient: PhoneNumberForm, sentAt sent: Int, at address: GatewayAddress,
        with account: TencentConfiguration, secondsSince1970: Int
    ) {
        // The clocks of caller and gateway may be apart.
        let members = [
            "\"BeginTime\":\(sent - 60)",
            "\"EndTime\":\(secondsSince1970 + 60)",
            "\"Offset\":0",
            "\"Limit\":100",
            "\"PhoneNumber\":\(JSONText.literal(recipient.e164))",
            "\"SmsSdkAppId\":\(JSONText.literal(account.appID))",
        ]
        self.init(
            action: "PullSmsSendStatusByPhoneNumber", "{\(members.joined(separator: ","))}", at: address,
            with: account, secondsSince1970: secondsSince1970)
    }

    private init(
        action: String, _ json: String, at address: GatewayAddress, with account: TencentConfiguration,
        secondsSince1970: Int
    ) {
        let signed = [
            (name: "content-type", value: "application/json; charset=utf-8"),
            (name: "host", value: address.host),
        ]
        let signature = TencentSignature(
            path: address.path, headers: signed, body: json, secondsSince1970: secondsSince1970)
        headers = HTTPHeaders(
            signed.map { ($0.name, $0.value) } + [
                ("x-tc-action", action),
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
