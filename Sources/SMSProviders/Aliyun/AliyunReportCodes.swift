/// What the vendor's codes in delivery reports and in its query of sent messages mean
/// (`https://help.aliyun.com/document_detail/101867.html`); those of calls are ``AliyunCodes``.
enum AliyunReportCodes {
    static let table = GatewayCodes([
        .init("DELIVERED", .accepted, "delivered"),
        .init("MOBILE_SEND_LIMIT", .throttled(.number, retryAfter: nil), "the carrier's own limit for the number"),
        .init("MOBILE_IN_BLACK", .badNumber(.blocked), "on the carrier's blacklist"),
        .init("MOBILE_NOT_ON_SERVICE", .badNumber(.number), "number off, out of coverage, stopped or empty"),
        .init("INVALID_NUMBER", .badNumber(.number), "state of the number abnormal, or number malformed"),
        .init("CONTENT_KEYWORD", .badConfiguration(.content), "the carrier's keyword filter"),
        .init("IS_CLOSE", .retry(.channel), "sending channel shut"),
    ])
}
