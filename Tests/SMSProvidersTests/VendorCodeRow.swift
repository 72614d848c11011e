import Testing

/// One row of a vendor's code list, for vendors whose codes are words.
struct VendorCodeRow: Decodable, Sendable, CustomTestStringConvertible {
    var code: String
    var `class`: String
    var reason: String

    var testDescription: String { code }

    static let aliyun: [VendorCodeRow] = resource("aliyun-codes")
    static let aliyunReports: [VendorCodeRow] = resource("aliyun-report-codes")
    static let tencent: [VendorCodeRow] = resource("tencent-codes")
}
