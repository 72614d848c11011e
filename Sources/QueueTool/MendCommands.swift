internal import ArgumentParser
internal import TaskQueue

/// `sms-queue pause`
struct Pause: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Stops the claiming of tasks; what runs goes on, what comes waits.")

    @OptionGroup var options: QueueOptions

    func run() async {
        await options.run { queue in
            try await queue.pause()
            try options.show(["paused": true]) { "paused; sms-queue resume ends it" }
        }
    }
}

/// `sms-queue resume`
struct Resume: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Ends a pause.")

    @OptionGroup var options: QueueOptions

    func run() async {
        await options.run { queue in
            let wasPaused = try await queue.resume()
            try options.show(["paused": false, "was_paused": wasPaused]) { wasPaused ? "resumed" : "it was not paused" }
        }
    }
}
