internal import ArgumentParser
internal import TaskQueue

/// `sms-queue send`
struct Send: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Sends a task, for a worker of either kind to run.",
        discussion: """
            For example, where a worker knows the task greet: sms-queue send greet '["Ada", 2]' --countdown 60

            Everybody on this machine can read the arguments of a program while it runs: give - and write what is \
            confidential to standard input.
            """)

    @Argument(help: "The task's name.")
    var task: String

    @Argument(help: "Its arguments as a JSON array; - reads them from standard input.")
    var arguments = "[]"

    @Option(help: ArgumentHelp("Its arguments by name.", valueName: "JSON object"))
    var named = "{}"

    @Option(parsing: .unconditional, help: "0, the most urgent, to 9.")
    var priority = 0

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("It does not run before so much time has passed.", valueName: "seconds"))
    var countdown: Double?

    @Option(
        help: ArgumentHelp("It does not run before: ISO 8601, UTC unless it says.", valueName: "time"),
        transform: wireTime)
    var eta: WireTime?

    @Option(parsing: .unconditional, help: ArgumentHelp("It does not run after so much time.", valueName: "seconds"))
    var expires: Double?

    @Option(help: "Its id; a new one unless given.")
    var id: String?

    @OptionGroup var options: QueueOptions

    func validate() throws {
        guard !task.isEmpty else { throw ValidationError("The task's name is empty.") }
        guard (0...9).contains(priority) else {
            throw ValidationError("--priority \(priority): expected a number from 0 to 9")
        }
        for (name, seconds) in [("countdown", countdown), ("expires", expires)] {
            guard seconds.map({ (0...1e9).contains($0) }) ?? true else {
                throw ValidationError("--\(name) \(seconds ?? 0): expected seconds from 0 to 1000000000")
            }
        }
        guard countdown == nil || eta == nil else { throw ValidationError("Give --countdown or --eta, not both.") }
    }

    func run() async {
        await options.connected { session in
            var text = arguments
            if text == "-" {
                text = ""
                while let line = readLine(strippingNewline: false) { text += line }
            }
            var outgoing = try OutgoingTask(
                task: task, id: id.map { TaskID($0) } ?? .random(), queue: session.name, argumentsJSON: text,
                namedArgumentsJSON: named)
            let now = WireTime.now
            outgoing.priority = priority
            outgoing.eta = countdown.map { now.adding(.seconds($0)) } ?? eta
            outgoing.expires = expires.map { now.adding(.seconds($0)) }
            let producer = TaskProducer(client: session.client, queue: session.name, origin: "sms-queue")
            try await session.changing("send", "\(task) \(outgoing.id.text)", count: { _ in 1 }) { [outgoing] _ in
                try await producer.send([outgoing])
            }
            try options.show(["id": outgoing.id.text]) { outgoing.id.text }
        }
    }
}
