internal import AsyncHTTPClient
internal import Logging
internal import Metrics
internal import NIOCore
internal import NIOHTTP1
public import ServiceLifecycle
internal import Synchronization

/// Sends ended spans to a collector, many at a time: OTLP over HTTP, in JSON.
///
/// Tracing never holds up what is traced: spans that there is no room for are dropped and counted, and so are those that
/// the collector does not take after a few tries. It counts in swift-metrics: `traces.spans` with `outcome` (`exported`,
/// `dropped`).
public final class SpanExporter: Service {
    private static let mostTries = 3
    /// The program's end waits for no collector longer than this.
    private static let lastTry = Duration.seconds(2)
    /// As the protocol lists them: <https://opentelemetry.io/docs/specs/otlp/#retryable-response-codes>
    private static let worthAnotherTry: Set<UInt> = [429, 502, 503, 504]
    private static let mostBytesOfAnAnswer = 64 * 1024

    private let configuration: TraceExportConfiguration
    private let logger: Logger
    private let waiting = Mutex<[SpanRecord]>([])
    private let hasComplained = Atomic(false)
    private let wakeUps: AsyncStream<Void>
    private let wake: AsyncStream<Void>.Continuation

    init(_ configuration: TraceExportConfiguration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
        (wakeUps, wake) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// What has ended and was not exported yet.
    var waitingSpans: [SpanRecord] { waiting.withLock { $0 } }

    func add(_ span: SpanRecord) {
        let count = waiting.withLock { waiting -> Int? in
            guard waiting.count < configuration.mostWaiting else { return nil }
            waiting.append(span)
            return waiting.count
        }
        guard let count else { return Self.count(1, "dropped") }
        if count == configuration.mostInBatch { exportSoon() }
    }

    func exportSoon() {
        wake.yield()
    }

    /// Exports until the program ends, and then what is left.
    public func run() async {
        var clientConfiguration = HTTPClient.Configuration()
        // A span of each export would be exported in turn, without end.
        clientConfiguration.tracing.tracer = nil
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: clientConfiguration)
        await withDiscardingTaskGroup { group in
            group.addTask { [wake, configuration] in
                while !Task.isCancelled {
                    try? await Task.sleep(for: configuration.delay)
                    wake.yield()
                }
            }
            // What is under way at the end goes back, and gets the last, short try.
            await cancelWhenGracefulShutdown { [self] in
                for await _ in wakeUps { await exportAll(client, tries: Self.mostTries) }
            }
            group.cancelAll()
        }
        await exportAll(client, tries: 1, within: Self.lastTry)
        try? await client.shutdown()
    }

    private func exportAll(_ client: HTTPClient, tries: Int, within limit: Duration? = nil) async {
        let end = limit.map { ContinuousClock.now + $0 }
        while !Task.isCancelled {
            let rest = end.map { $0 - .now }
            if let rest, rest <= .zero { return }
            let batch = waiting.withLock { waiting in
                let batch = Array(waiting.prefix(configuration.mostInBatch))
                waiting.removeFirst(batch.count)
                return batch
            }
            if batch.isEmpty { return }
            await export(
                batch, client, tries: tries, timeout: min(configuration.timeout, rest ?? configuration.timeout))
        }
    }

    private func export(_ batch: [SpanRecord], _ client: HTTPClient, tries: Int, timeout: Duration) async {
        var problem = ""
        for attempt in 0..<tries {
            if attempt > 0 {
                do { try await Task.sleep(for: .seconds(1 << attempt)) } catch { break }
            }
            do {
                let status = try await post(batch, client, timeout: timeout)
                if (200..<300).contains(status) {
                    hasComplained.store(false, ordering: .relaxed)
                    return Self.count(batch.count, "exported")
                }
                problem = "it answers with HTTP \(status)"
                if !Self.worthAnotherTry.contains(status) { break }
            } catch {
                problem = "\(error)"
            }
        }
        if Task.isCancelled { return waiting.withLock { $0.insert(contentsOf: batch, at: 0) } }
        Self.count(batch.count, "dropped")
        // Once for each outage, or the log would be full of it.
        if !hasComplained.exchange(true, ordering: .relaxed) {
            logger.warning("spans are dropped: \(configuration.shownEndpoint) does not take them: \(problem)")
        }
    }

    private func post(_ batch: [SpanRecord], _ client: HTTPClient, timeout: Duration) async throws -> UInt {
        var request = HTTPClientRequest(url: configuration.endpoint)
        request.method = .POST
        for header in configuration.headers { request.headers.add(name: header.name, value: header.value) }
        request.headers.replaceOrAdd(name: "content-type", value: "application/json")
        request.body = .bytes(
            ByteBuffer(bytes: try TraceDocument(batch, resource: configuration.resource).encoded()))
        let response = try await client.execute(
            request, timeout: .nanoseconds(Int64(timeout / .nanoseconds(1))))
        // Read to its end, or the connection could not be used again.
        _ = try await response.body.collect(upTo: Self.mostBytesOfAnAnswer)
        return response.status.code
    }

    private static func count(_ spans: Int, _ outcome: String) {
        Counter(label: "traces.spans", dimensions: [("outcome", outcome)]).increment(by: spans)
    }
}
