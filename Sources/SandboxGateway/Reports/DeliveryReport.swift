internal import FoundationEssentials

/// What a vendor tells about a message after it has taken it.
struct DeliveryReport: Sendable {
    enum Status: String, Sendable {
        /// On its way.
        case sent
        /// The phone has it.
        case delivered
        /// The phone will not get it.
        case failed
    }

    var message: Submission
    var status: Status
    /// When the vendor took the message.
    var taken: Date
    /// When this became of it.
    var at: Date
}

/// A report as it goes over the wire.
struct ReportRequest: Sendable, Equatable {
    var headers: [(name: String, value: String)]
    var body: String

    static func == (one: ReportRequest, other: ReportRequest) -> Bool {
        one.body == other.body && one.headers.elementsEqual(other.headers, by: ==)
    }
}

/// How a vendor writes its reports.
protocol ReportForm: Sendable {
    /// The request that brings a report to `url`, or nil if the vendor does not tell of such a thing.
    func request(for report: DeliveryReport, to url: String) -> ReportRequest?
}

extension ReportForm {
    /// A body of JSON.
    func json(_ value: some Encodable) -> ReportRequest? {
        guard let body = try? JSONEncoder.sandbox.encode(value) else { return nil }
        return ReportRequest(
            headers: [("Content-Type", "application/json; charset=utf-8")],
            body: String(decoding: body, as: UTF8.self))
    }
}
