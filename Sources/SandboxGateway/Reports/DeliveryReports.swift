internal import AsyncHTTPClient
internal import FoundationEssentials
internal import Logging
internal import NIOCore
internal import NIOHTTP1
internal import ServiceLifecycle
internal import Synchronization

/// Lets messages reach their phones a while after they were taken, and tells the callers, as far as they want to be told.
final class DeliveryReports: Sendable {
    /// Where each provider's reports go, unless the message itself says so.
    private let urls: [Provider: String]
    private let forms: [Provider: any ReportForm]
    /// From the taking of a message to its arrival, in slots.
    private let delay: Int
    /// From the taking of a message to a report that is late.
    private let lateDelay: Int
    /// From a report that was not accepted to its first repetition.
    private let repetitionDelay: Int
    private let inbox: Inbox
    private let now: @Sendable () -> Date
    private let logger: Logger
    private let agenda = Mutex(Agenda())

    /// The time that is told apart.
    private static let slot = Duration.milliseconds(20)
    /// How often a report is posted at most.
    private static let mostTries = 4
    /// How long a caller has to take a report.
    private static let patience = TimeAmount.seconds(5)

    /// What is to happen to one message.
    fileprivate struct Step: Sendable {
        var inboxID: Int
        var status: DeliveryReport.Status
        var changesState = true
        /// Nil: nobody is told.
        var report: PlannedReport?
        /// How often it was posted in vain.
        var tries = 0
    }

    fileprivate final class PlannedReport: Sendable {
        let message: Submission
        let url: String
        let form: any ReportForm
        let taken: Date

        init(_ message: Submission, url: String, form: any ReportForm, taken: Date) {
            (self.message, self.url, self.form, self.taken) = (message, url, form, taken)
        }
    }

    /// Steps by the slot in which they are due: nearly all are due at the same distance, so there is nothing to sort.
    fileprivate struct Agenda {
        var steps: [Int: [Step]] = [:]
        var current = 0
    }

    init(_ configuration: SandboxConfiguration, inbox: Inbox, logger: Logger) {
        let account = configuration.account
        urls = configuration.reportURLs
        forms = [
            .yuntongxun: YuntongxunReport(format: configuration.yuntongxunReportFormat),
            .aliyun: AliyunReport(), .tencent: TencentReport(), .twilio: TwilioReport(account: account.twilio),
            .webhook: SignedWebhookReport(account: account.signedWebhook, now: configuration.now),
        ]
        delay = Self.slots(configuration.reportDelay)
        lateDelay = Self.slots(configuration.lateReportDelay)
        repetitionDelay = Self.slots(configuration.reportRepetitionDelay)
        self.inbox = inbox
        now = configuration.now
        self.logger = logger
    }

    /// Plans what becomes of a message that was just taken.
    func plan(_ message: Submission, of provider: Provider, inboxID: Int, fault: SandboxFault?) {
        let report = report(of: message, provider)
        let final = DeliveryReport.Status.final(fault)
        let sent = Step(inboxID: inboxID, status: .sent, report: report)
        let arrival = Step(inboxID: inboxID, status: final, report: report)
        let silentArrival = Step(inboxID: inboxID, status: final)
        let repetition = Step(inboxID: inboxID, status: final, changesState: false, report: report)
        agenda.withLock { agenda in
            if report != nil { agenda.add(sent, after: fault == .reportsOutOfOrder ? delay : delay / 2) }
            switch fault {
            // The arrival was before the answer.
            case .reportsOutOfOrder: break
            case .reportMissing: agenda.add(silentArrival, after: delay)
            case .reportLate:
                agenda.add(silentArrival, after: delay)
                agenda.add(repetition, after: lateDelay)
            case .reportRepeated:
                agenda.add(arrival, after: delay)
                agenda.add(repetition, after: 2 * delay)
                agenda.add(repetition, after: 3 * delay)
            default: agenda.add(arrival, after: delay)
            }
        }
    }

    /// Lets a message reach its phone before its caller is answered.
    func sendAtOnce(_ message: Submission, of provider: Provider, inboxID: Int?) async {
        guard let inboxID else { return }
        await take(Step(inboxID: inboxID, status: .delivered, report: report(of: message, provider)))
    }

    /// Forgets what was planned.
    func reset() {
        agenda.withLock { $0.steps.removeAll() }
    }

    /// Does what is planned, until the shutdown.
    func run() async {
        let start = ContinuousClock.now
        await cancelWhenGracefulShutdown { [self] in
            await withDiscardingTaskGroup { group in
                while (try? await Task.sleep(for: Self.slot)) != nil {
                    // On a busy machine a sleep may last for several slots.
                    let slot = Int((ContinuousClock.now - start) / Self.slot)
                    let due = agenda.withLock { $0.takeDue(through: slot) }
                    // Only what waits for somebody is a task of its own; of one message, one after the other.
                    for step in due where step.report == nil { note(step) }
                    let reported = Dictionary(grouping: due.filter { $0.report != nil }, by: \.inboxID)
                    for steps in reported.values {
                        group.addTask { for step in steps { await self.take(step) } }
                    }
                }
                group.cancelAll()
            }
        }
    }

    private func report(of message: Submission, _ provider: Provider) -> PlannedReport? {
        guard let url = message.reportURL ?? urls[provider], let form = forms[provider] else { return nil }
        return PlannedReport(message, url: url, form: form, taken: now())
    }

    private func note(_ step: Step) {
        guard step.changesState, step.status != .sent else { return }
        inbox.note(.init(step.status == .delivered ? .delivered : .failed, at: now()), of: step.inboxID)
    }

    private func take(_ step: Step) async {
        note(step)
        guard let planned = step.report else { return }
        let report = DeliveryReport(message: planned.message, status: step.status, taken: planned.taken, at: now())
        guard let request = planned.form.request(for: report, to: planned.url) else { return }
        let status = await post(request, to: planned.url)
        let isRepeated = (status.map { !(200...299).contains($0) } ?? true) && step.tries + 1 < Self.mostTries
        if isRepeated { repeatLater(step) }
        let answer = status.map { "HTTP \($0)" } ?? "no answer"
        inbox.note(
            .init(
                .report, at: now(),
                detail: "\(step.status.rawValue): \(answer)\(isRepeated ? ", is posted again" : "")"),
            of: step.inboxID)
    }

    /// As vendors do with reports that are not accepted.
    private func repeatLater(_ step: Step) {
        var step = step
        let delay = repetitionDelay << step.tries
        step.tries += 1
        step.changesState = false
        agenda.withLock { [step] in $0.add(step, after: delay) }
    }

    /// The answer's status; nil: there was none.
    private func post(_ report: ReportRequest, to url: String) async -> UInt? {
        var request = HTTPClientRequest(url: url)
        request.method = .POST
        for (name, value) in report.headers { request.headers.add(name: name, value: value) }
        request.body = .bytes(ByteBuffer(string: report.body))
        do {
            let response = try await HTTPClient.shared.execute(request, timeout: Self.patience)
            _ = try? await response.body.collect(upTo: 64 * 1024)
            return response.status.code
        } catch {
            logger.info("a delivery report was not taken: \(error)")
            return nil
        }
    }

    private static func slots(_ duration: Duration) -> Int {
        max(1, Int(duration / slot))
    }
}

extension DeliveryReports.Agenda {
    fileprivate mutating func add(_ step: DeliveryReports.Step, after slots: Int) {
        steps[current + max(1, slots), default: []].append(step)
    }

    fileprivate mutating func takeDue(through slot: Int) -> [DeliveryReports.Step] {
        var due: [DeliveryReports.Step] = []
        while current < slot {
            current += 1
            due += steps.removeValue(forKey: current) ?? []
        }
        return due
    }
}

extension DeliveryReport.Status {
    /// What a message comes to.
    fileprivate static func final(_ fault: SandboxFault?) -> DeliveryReport.Status {
        fault == .reportFailed ? .failed : .delivered
    }
}
