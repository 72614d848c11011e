import ArgumentParser
import FoundationEssentials
import TaskQueue

/// How long it takes to read a message, beside Foundation's decoder on the same bytes.
struct Decode: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measures the reading of one message, again and again; prints one line of JSON.")

    @Option(help: "How many bytes the message has.")
    var bytes = 500

    @Option(help: "How often to read it.")
    var count = 200_000

    /// What a worker needs of a message, as Foundation would read it.
    private struct Envelope: Decodable {
        struct Headers: Decodable {
            var task: String
            var id: String
            var retries: Int?
            var eta: String?
            var expires: String?
        }
        var body: String
        var headers: Headers
    }

    func run() async throws {
        let message = try await Self.message(bytes)
        let ours = try measure { retries in retries += try TaskMessage(message).retries }
        let data = Data(message)
        let decoder = JSONDecoder()
        let foundation = try measure { retries in
            retries += try decoder.decode(Envelope.self, from: data).headers.retries ?? 0
        }
        print(
            """
            {"bytes": \(message.count), "ourNanoseconds": \(ours), "foundationNanoseconds": \(foundation)}
            """)
    }

    /// Nanoseconds of processor time for one reading.
    private func measure(_ read: (inout Int) throws -> Void) throws -> Double {
        var retries = 0
        for _ in 0..<count / 10 { try read(&retries) }
        let start = ProcessUsage.cpuSeconds
        for _ in 0..<count { try read(&retries) }
        let seconds = ProcessUsage.cpuSeconds - start
        guard retries == 0 else { throw ValidationError("the message was never retried") }
        return seconds / Double(count) * 1e9
    }

    private static func message(_ bytes: Int) async throws -> [UInt8] {
        let recorder = RecordingProducer()
        try await recorder.enqueue(BenchmarkTasks.noOperation, TextArguments(text: ""))
        let shortest = recorder.messages.first?.count ?? 0
        try await recorder.enqueue(
            BenchmarkTasks.noOperation, TextArguments(text: String(repeating: "x", count: max(0, bytes - shortest))))
        return recorder.messages.last ?? []
    }
}
