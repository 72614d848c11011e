internal import FoundationEssentials

/// A request's parameters, checked: what goes to which phone.
struct AliyunMessage: Equatable {
    /// The eleven digits of a number in mainland China, the only ones that a template like this one may go to.
    let mobile: String
    let text: String
    let code: String

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
        let variables = try Variables(query["TemplateParam"] ?? form["TemplateParam"])
        mobile = String(match.output.1)
        code = variables.code
        text = "【\(signName)】您的验证码为\(variables.code)，请于\(variables.minutes)分钟内填写，请勿泄露于他人。"
    }

    /// The values for the template's `${code}` and `${minutes}`. Further ones do no harm.
    private struct Variables {
        let code: String
        let minutes: String

        init(_ json: String?) throws(AliyunFault) {
            guard let json, !json.isEmpty else { throw .variableMissing }
            guard let values = try? JSONDecoder().decode([String: String].self, from: Data(json.utf8)) else {
                throw .variablesUnreadable
            }
            guard let code = values["code"], let minutes = values["minutes"] else { throw .variableMissing }
            guard (4...6).contains(code.count), (1...35).contains(minutes.count) else { throw .variableLength }
            guard code.wholeMatch(of: /[0-9A-Za-z]+/) != nil, minutes.wholeMatch(of: /[0-9]+/) != nil else {
                throw .variableMismatch
            }
            self.code = code
            self.minutes = minutes
        }
    }
}
