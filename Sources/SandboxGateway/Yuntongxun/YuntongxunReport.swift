/// In which of its two forms the vendor was told to write reports.
public enum YuntongxunReportFormat: String, CaseIterable, Sendable {
    /// JSON.
    case json
    /// XML.
    case xml
}

/// The vendor's delivery reports: one document for each message, not signed.
struct YuntongxunReport: ReportForm {
    let format: YuntongxunReportFormat

    func request(for report: DeliveryReport, to url: String) -> ReportRequest? {
        guard report.status != .sent else { return nil }
        let event = Event(report)
        switch format {
        case .json: return json(Document(event: event))
        case .xml:
            let body = event.members.map { "<\($0.name)>\($0.value)</\($0.name)>" }.joined()
            return ReportRequest(
                headers: [("Content-Type", "application/xml; charset=utf-8")],
                body: "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Request>\(body)</Request>")
        }
    }

    private struct Document: Encodable {
        var event: Event

        enum CodingKeys: String, CodingKey {
            case event = "Request"
        }
    }

    /// None of its values needs escaping, but for the caller's own identifier.
    private struct Event: Encodable {
        var action = "SMSArrived"
        /// A report; 0 would be a message from the phone.
        var smsType = "1"
        var apiVersion = "2013-12-26"
        var content: String
        var fromNum: String
        var dateSent: String
        var recvTime: String
        var status: String
        var deliverCode: String
        var reqId: String
        var smsCount = "1"

        init(_ report: DeliveryReport) {
            content = report.message.messageID
            fromNum = report.message.mobile
            dateSent = ChinaCalendar.string(report.taken)
            recvTime = ChinaCalendar.string(report.at)
            status = report.status == .delivered ? "0" : "1"
            deliverCode = report.status == .delivered ? "DELIVRD" : "UNDELIV"
            reqId = report.message.reference ?? ""
        }

        var members: [(name: String, value: String)] {
            [
                ("action", action), ("smsType", smsType), ("recvTime", recvTime), ("apiVersion", apiVersion),
                ("fromNum", fromNum), ("appendCode", ""), ("content", content), ("status", status),
                ("dateSent", dateSent), ("deliverCode", deliverCode), ("reqId", reqId.escapedForXML),
                ("smsCount", smsCount),
            ]
        }
    }
}

extension String {
    /// As text of an element (XML 1.0, section 2.4).
    fileprivate var escapedForXML: String {
        replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }
}
