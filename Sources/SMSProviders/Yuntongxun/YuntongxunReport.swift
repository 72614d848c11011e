/// What Yuntongxun posts to the address of status reports, one event at a time, in JSON or XML as its console is set.
public enum YuntongxunReport {
    /// What an event says; nil for what is none. A person's own message (`smsType` 0) reports nothing.
    public static func read(_ body: [UInt8]) -> [DeliveryReport]? {
        guard let member = members(body), member("action") != nil else { return nil }
        guard member("action") == "SMSArrived", member("smsType") == "1", let status = member("status") else {
            return []
        }
        return [
            DeliveryReport(
                messageID: member("content"), status: status == "0" ? .delivered : .failed,
                code: member("deliverCode") ?? status)
        ]
    }

    /// What the gateway waits for.
    public static let answer =
        #"<?xml version="1.0" encoding="UTF-8"?><Response><statuscode>000000</statuscode></Response>"#

    private static func members(_ body: [UInt8]) -> ((String) -> String?)? {
        if let json = ReportMembers.object(body, inside: "Request") { return { json[$0] } }
        guard let text = String(validating: body, as: UTF8.self), let xml = XMLElements(text) else { return nil }
        return { xml["Request/\($0)"] }
    }
}
