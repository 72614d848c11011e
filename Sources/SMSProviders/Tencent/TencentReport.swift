/// What Tencent Cloud posts to the address of delivery reports: several at a time
/// (`https://cloud.tencent.com/document/product/382/43547`).
public enum TencentReport {
    /// What they say; nil for what is no list of reports. Entries that name no message are left out.
    public static func read(_ body: [UInt8]) -> [DeliveryReport]? {
        ReportMembers.list(body)?.compactMap { report in
            guard let id = report["sid"], let status = report["report_status"] else { return nil }
            return DeliveryReport(
                messageID: id, status: status == "SUCCESS" ? .delivered : .failed, code: report["errmsg"])
        }
    }

    /// What the gateway waits for.
    public static let answer = #"{"result":0,"errmsg":"OK"}"#
}
