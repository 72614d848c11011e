public import Logging
internal import RedisClient

/// Writes a line for what happens to each task, in the shapes of Celery's worker, which ops grep for, with the task's id as
/// `request-id`, as Celery calls it (`self.request.id`).
///
/// Every ``TaskWorker`` has it already.
public struct TaskLog: TaskMiddleware {
    private let logger: Logger

    /// Writes to that logger.
    public init(logger: Logger) {
        self.logger = logger
    }

    public var wrapsAttempts: Bool { false }

    public func observe(_ event: TaskEvent) {
        switch event.kind {
        case .received: log(.info, event, "Task \(name(event)) received")
        case .interrupted where event.wasAcknowledgedEarly:
            log(
                .warning, event,
                "Task \(name(event)) was cut off as the worker stops; acknowledged early, it is not run again")
        case .scheduled, .limited, .started, .interrupted:
            break
        case .succeeded(let result, let duration):
            log(.info, event, "Task \(name(event)) succeeded in \(duration / .seconds(1))s: \(PythonText.of(result))")
        case .retried(let delay, let reason):
            let seconds = Double(delay.wholeMilliseconds) / 1000
            log(.info, event, "Task \(name(event)) retry: Retry in \(seconds)s: \(reason)")
        case .failed(let reason): log(.error, event, "Task \(name(event)) raised unexpected: \(reason)")
        case .rejected(let reason): log(.warning, event, "Task \(name(event)) reject requeue=False: \(reason)")
        case .held(let reason):
            log(.warning, event, "Task \(name(event)) is held, for a person to decide: \(reason)")
        case .expired: log(.info, event, "Discarding revoked task: \(name(event))", ["reason": "expired"])
        case .timeLimitExceeded(let limit, isHard: false):
            log(.warning, event, "Soft time limit (\(limit / .seconds(1))s) exceeded for \(name(event))")
        case .timeLimitExceeded(let limit, isHard: true):
            log(.error, event, "Hard time limit (\(limit / .seconds(1))s) exceeded for \(name(event))")
        case .lost:
            log(.warning, event, "Task \(name(event)) was taken over by another worker; nothing was done")
        case .refused(let refusal) where refusal.reason == .unknownTask:
            log(
                .error, event, "Received unregistered task of type '\(event.task ?? "?")'.",
                ["id": "\(event.id ?? "?")"])
        case .refused(let refusal):
            log(
                .error, event, "Received a message that cannot be run: \(refusal)", ["id": "\(event.id ?? "unknown")"])
        }
    }

    private func log(
        _ level: Logger.Level, _ event: TaskEvent, _ text: @autoclosure () -> Logger.Message,
        _ metadata: Logger.Metadata = [:]
    ) {
        // Nothing is put together that nobody wants.
        guard level >= logger.logLevel else { return }
        // Where it is part of what is said, it is said once.
        let id: Logger.Metadata = metadata["id"] == nil ? ["request-id": "\(event.id ?? "?")"] : [:]
        logger.log(level: level, text(), metadata: metadata.merging(id) { $1 })
    }

    private func name(_ event: TaskEvent) -> String {
        "\(event.task ?? "?")[\(event.id ?? "?")]"
    }
}

/// JSON values as Python prints them, for log lines that tools written for Celery read.
enum PythonText {
    static func of(_ result: TaskResult) -> String {
        guard let json = try? result.json(), let value = try? JSONText(json) else { return "?" }
        return of(value)
    }

    private static func of(_ value: JSONText) -> String {
        switch value.kind {
        case .null: "None"
        case .boolean: value.boolean == true ? "True" : "False"
        case .number: String(decoding: value.bytes, as: UTF8.self)
        case .string: quoted(value.string ?? "")
        case .array: "[\(value.elements.map(of).joined(separator: ", "))]"
        case .object:
            value.members.isEmpty
                ? "None" : "{\(value.members.map { "\(quoted($0.name)): \(of($0.value))" }.joined(separator: ", "))}"
        }
    }

    private static func quoted(_ text: String) -> String {
        var escaped = ""
        for character in text {
            if character == "'" || character == "\\" { escaped.append("\\") }
            escaped.append(character)
        }
        return "'\(escaped)'"
    }
}
