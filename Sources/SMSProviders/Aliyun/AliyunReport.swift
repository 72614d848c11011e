/// What Aliyun posts as SmsReport: several reports at a time
/// (`https://help.aliyun.com/document_detail/101867.html`).
public enum AliyunReport {
    /// What they say; nil for what is no list of reports. Entries that name no message are left out.
    public static func read(_ body: [UInt8]) -> [DeliveryReport]? {
        ReportMembers.list(body)?.compactMap { mainland($0) ?? abroad($0) }
    }

    /// What the gateway waits for.
    public static let answer = #"{"code":0,"msg":"ok"}"#

    private static func mainland(_ report: ReportMembers) -> DeliveryReport? {
        guard let id = report["biz_id"], let success = report["success"] else { return nil }
        return DeliveryReport(
            messageID: id, taskID: report["out_id"], status: success == "true" ? .delivered : .failed,
            code: report["err_code"])
    }

    /// Reports from other countries have other names. 1 is delivered; of 6 the vendor does not say what it is.
    private static func abroad(_ report: ReportMembers) -> DeliveryReport? {
        guard let id = report["MessageId"], let status = report["Status"] else { return nil }
        return DeliveryReport(
            messageID: id, status: status == "1" ? .delivered : .failed, code: report["ErrorCode"])
    }
}
