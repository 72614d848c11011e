internal import FoundationEssentials

/// A request's parameters, checked: what goes to which phone.
struct AliyunMessage: Equatable {
    /// The eleven digits of a number in mainland China, the only ones that a template like this one may go to.
    let mobile: String
    let text: String
    let code: String
    /// The caller's own identifier of the message.
    let outID: String?

    init(_ call: RootCall, for account: SandboxAccount.Aliyun) throws(AliyunFault) {
        guard let query = AliyunParameters(call.query),
            let form = AliyunParameters(String(decoding: call.body, as: UTF8.self))
        else { throw .parametersUnreadable }
        func parameter(_ name: String, orThrow fault: AliyunFault) throws(AliyunFault) -> String {
            guard let value = query[name] ?? form[name], !value.isEmpty else { throw fault }
            return value
        }
        let number = try parameter("PhoneNumbers", orThrow: .numbersMissing)
        let signName = try parameter("SignName", orThrow: .signNameMissing)
        let templateCode = try parameter("TemplateCode", orThrow: .templateMissing)
        guard let match = number.wholeMatch(of: /(?:\+86|0086|86)?(1[0-9]{10})/) else { throw .numberMalformed }
        guard signName == account.signName else { throw .signNameUnknown }
        guard templateCode == account.templateCode else { throw .templateUnknown }
        mobile = String(match.output.1)
        code = try Self.code(in: query["TemplateParam"] ?? form["TemplateParam"])
        outID = query["OutId"] ?? form["OutId"]
        text = "【\(signName)】您的验证码为：\(code)，请勿泄露于他人！"
    }

    /// The value for the template's only variable, `${code}`. Values for others do no harm.
    private static func code(in json: String?) throws(AliyunFault) -> String {
        guard let json, !json.isEmpty else { throw .variableMissing }
        guard let values = try? JSONDecoder().decode([String: String].self, from: Data(json.utf8)) else {
            throw .variablesUnreadable
        }
        guard let code = values["code"] else { throw .variableMissing }
        guard (4...6).contains(code.count) else { throw .variableLength }
        guard code.wholeMatch(of: /[0-9A-Za-z]+/) != nil else { throw .variableMismatch }
        return code
    }
}
