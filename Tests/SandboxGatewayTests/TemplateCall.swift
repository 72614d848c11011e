import Crypto
import Foundation
import NIOHTTP1
import SandboxGateway

/// A TemplateSMS call written out by hand. Every part can be spoilt.
struct TemplateCall: Sendable {
    var version = "2013-12-26"
    var pathSID = SandboxAccount.demo.accountSID
    var headerSID = SandboxAccount.demo.accountSID
    var token = SandboxAccount.demo.authToken
    var timestamp: String
    /// What is put in place of the right header; an empty string leaves the header out.
    var authorization: String?
    /// What is put in place of the right query.
    var query: String?
    var to = #""13800138000""#
    var appID = #""\#(SandboxAccount.demo.appID)""#
    var templateID = #""1""#
    var datas = #"["012345","5"]"#
    /// What is put in place of the right body.
    var wholeBody: String?

    init(at date: Date = Date()) {
        timestamp = Self.stamp(date)
    }

    static func stamp(_ date: Date) -> String {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(identifier: "Asia/Shanghai")
        formatter.dateFormat = "yyyyMMddHHmmss"
        return formatter.string(from: date)
    }

    var signature: String {
        Insecure.MD5.hash(data: Data((headerSID + token + timestamp).utf8)).map { String(format: "%02X", $0) }.joined()
    }

    var path: String {
        "/\(version)/Accounts/\(pathSID)/SMS/TemplateSMS?" + (query ?? "sig=\(signature)")
    }

    var headers: HTTPHeaders {
        let authorization = authorization ?? base64("\(headerSID):\(timestamp)")
        return authorization.isEmpty
            ? [:] : ["Authorization": authorization, "Content-Type": "application/json;charset=utf-8"]
    }

    var body: String {
        wholeBody ?? #"{"to":\#(to),"appId":\#(appID),"templateId":\#(templateID),"datas":\#(datas)}"#
    }
}

func base64(_ text: String) -> String {
    Data(text.utf8).base64EncodedString()
}
