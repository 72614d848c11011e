internal import FoundationEssentials
internal import NIOCore

/// A request's body, checked: what goes to which phone.
struct YuntongxunMessage: Equatable {
    let mobile: String
    let text: String
    let code: String
    /// The caller's own identifier of the message.
    let requestID: String?

    /// The shared test template, the only one that a new account has.
    private static let templates = ["1": "【云通讯】您的验证码是{1}，请于{2}分钟内正确输入。"]

    private struct Body: Decodable {
        var to: String?
        var appId: String?
        var templateId: String?
        var datas: [String]?
        var reqId: String?
    }

    init(_ bytes: ByteBuffer, for account: SandboxAccount) throws(YuntongxunFault) {
        guard bytes.readableBytes > 0 else { throw .bodyEmpty }
        guard let body = try? JSONDecoder().decode(Body.self, from: Data(bytes.readableBytesView)) else {
            throw .bodyUnreadable
        }
        guard let appID = body.appId, !appID.isEmpty else { throw .applicationMissing }
        guard appID == account.appID else { throw .applicationUnknown }
        mobile = try Self.mobile(body.to)
        let template = try Self.template(body.templateId)
        guard let variables = body.datas, !variables.isEmpty else { throw .variablesMissing }
        guard variables.count == 2 else { throw .variablesMismatch }
        guard variables.allSatisfy(\.isAllDigits) else { throw .variableNotNumeric }
        code = variables[0]
        requestID = body.reqId
        text = template.replacing("{1}", with: variables[0]).replacing("{2}", with: variables[1])
    }

    private static func mobile(_ number: String?) throws(YuntongxunFault) -> String {
        guard let number, !number.isEmpty else { throw .numberMissing }
        guard number.count == 11, number.hasPrefix("1"), number.isAllDigits else { throw .numberMalformed }
        return number
    }

    private static func template(_ identifier: String?) throws(YuntongxunFault) -> String {
        guard let identifier, !identifier.isEmpty else { throw .templateMissing }
        guard identifier.isAllDigits else { throw .templateNotDigits }
        guard let template = templates[identifier] else { throw .templateUnknown }
        return template
    }
}

extension String {
    /// Whether there is at least one character and all are the digits 0 to 9.
    fileprivate var isAllDigits: Bool {
        !isEmpty && utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
}
