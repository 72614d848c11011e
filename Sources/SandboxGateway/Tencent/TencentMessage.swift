internal import FoundationEssentials

/// A request's body, as far as it holds for all of its numbers.
struct TencentMessage {
    let numbers: [String]
    let sessionContext: String
    private let account: SandboxAccount.Tencent
    private let body: Body

    private struct Body: Decodable {
        var numbers: [String]?
        var appID: String?
        var templateID: String?
        var signName: String?
        var variables: [String]?
        var sessionContext: String?
        var extendCode: String?
        var senderID: String?

        enum CodingKeys: String, CodingKey, CaseIterable {
            case numbers = "PhoneNumberSet"
            case appID = "SmsSdkAppId"
            case templateID = "TemplateId"
            case signName = "SignName"
            case variables = "TemplateParamSet"
            case sessionContext = "SessionContext"
            case extendCode = "ExtendCode"
            case senderID = "SenderId"
        }
    }

    /// Any JSON object, of which only the names count.
    private struct Names: Decodable {
        var names: Set<String>

        init(from decoder: any Decoder) throws {
            names = Set(try [String: Anything](from: decoder).keys)
        }

        private struct Anything: Decodable {
            init(from decoder: any Decoder) {}
        }
    }

    init(_ bytes: Data, for account: SandboxAccount.Tencent) throws(TencentFault) {
        let decoder = JSONDecoder()
        guard let names = try? decoder.decode(Names.self, from: bytes).names else { throw .bodyUnreadable }
        guard names.isSubset(of: Body.CodingKeys.allCases.map(\.rawValue)) else { throw .parameterUnknown }
        guard let body = try? decoder.decode(Body.self, from: bytes) else { throw .parameterMalformed }
        guard let numbers = body.numbers, let appID = body.appID, body.templateID != nil else {
            throw .parameterMissing
        }
        guard !numbers.isEmpty else { throw .numbersMissing }
        guard numbers.count <= 200 else { throw .numbersTooMany }
        guard Set(numbers.compactMap { TencentNumber($0)?.isMainland }).count < 2 else { throw .numbersMixed }
        guard appID == account.appID else { throw .applicationUnknown }
        self.numbers = numbers
        self.account = account
        self.body = body
        sessionContext = body.sessionContext ?? ""
    }

    /// The text for one of the numbers, and the code in it. What is wrong here is said for each number on its own.
    func content(for number: TencentNumber) throws(TencentFault) -> (text: String, code: String) {
        guard number.isMainland else { throw .numberAbroad }
        guard let signName = body.signName, !signName.isEmpty else { throw .signNameMissing }
        guard signName == account.signName else { throw .signNameUnknown }
        guard body.templateID == account.templateID else { throw .templateUnknown }
        guard let variables = body.variables, variables.count == 2 else { throw .variablesMismatch }
        guard variables.allSatisfy({ $0.count <= 6 }) else { throw .variableLength }
        let code = variables[0]
        guard code.wholeMatch(of: /[0-9]*/) != nil else { throw .variableNotNumeric }
        return ("【\(signName)】您的登录验证码为\(code)，请于\(variables[1])分钟内填写，如非本人操作，请忽略本短信。", code)
    }
}

/// A number in one of the forms that the vendor understands.
struct TencentNumber: Equatable {
    /// With `+`, country code and number.
    let e164: String
    let isMainland: Bool

    init?(_ text: String) {
        if let match = text.wholeMatch(of: /(?:\+86|0086|86)?(1[0-9]{10})/) {
            e164 = "+86\(match.output.1)"
            isMainland = true
        } else if text.wholeMatch(of: /\+(?!86)[1-9][0-9]{6,14}/) != nil {
            e164 = text
            isMainland = false
        } else {
            return nil
        }
    }
}
