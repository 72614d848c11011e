internal import FoundationEssentials

/// The vendor's delivery reports (SmsReport): a list of one, not signed.
struct AliyunReport: ReportForm {
    func request(for report: DeliveryReport, to url: String) -> ReportRequest? {
        report.status == .sent ? nil : json([Event(report)])
    }

    private struct Event: Encodable {
        var number: String
        var sendTime: String
        var reportTime: String
        var success: Bool
        var code: String
        var message: String
        var size = "1"
        var messageID: String
        var outID: String?

        init(_ report: DeliveryReport) {
            number = report.message.mobile
            sendTime = ChinaCalendar.spacedString(report.taken)
            reportTime = ChinaCalendar.spacedString(report.at)
            success = report.status == .delivered
            code = success ? "DELIVERED" : "MOBILE_NOT_ON_SERVICE"
            message = success ? "用户接收成功" : "手机停机、空号或关机"
            messageID = report.message.messageID
            outID = report.message.reference
        }

        enum CodingKeys: String, CodingKey {
            case number = "phone_number"
            case sendTime = "send_time"
            case reportTime = "report_time"
            case success
            case code = "err_code"
            case message = "err_msg"
            case size = "sms_size"
            case messageID = "biz_id"
            case outID = "out_id"
        }
    }
}
