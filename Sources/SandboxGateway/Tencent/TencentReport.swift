internal import FoundationEssentials

/// The vendor's delivery reports: a list of one, not signed.
struct TencentReport: ReportForm {
    func request(for report: DeliveryReport, to url: String) -> ReportRequest? {
        report.status == .sent ? nil : json([Event(report)])
    }

    private struct Event: Encodable {
        var receiveTime: String
        var nationCode = "86"
        var mobile: String
        var status: String
        var code: String
        var description: String
        var serialNumber: String

        init(_ report: DeliveryReport) {
            let isDelivered = report.status == .delivered
            receiveTime = ChinaCalendar.spacedString(report.at)
            mobile = String(report.message.mobile.trimmingPrefix("+86"))
            status = isDelivered ? "SUCCESS" : "FAIL"
            code = isDelivered ? "DELIVRD" : "UNDELIV"
            description = isDelivered ? "用户短信送达成功" : "用户短信送达失败"
            serialNumber = report.message.messageID
        }

        enum CodingKeys: String, CodingKey {
            case receiveTime = "user_receive_time"
            case nationCode = "nationcode"
            case mobile
            case status = "report_status"
            case code = "errmsg"
            case description
            case serialNumber = "sid"
        }
    }
}
