public import Logging
internal import RedisClient

/// Writes a line for what happens to each task, in the shapes of Celery's worker, which ops grep for.
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
        case .received:
            logger.info("Task \(name(event)) received")
        case .scheduled, .limited, .started:
            break
        case .succeeded(let result, let duration):
            logger.info("Task \(name(event)) succeeded in \(duration / .seconds(1))s: \(PythonText.of(result))")
        case .retried(let delay, let reason):
            let seconds = Double(delay.wholeMilliseconds) / 1000
            logger.info("Task \(name(event)) retry: Retry in \(seconds)s: \(reason)")
        case .failed(let reason):
            logger.error("Task \(name(event)) raised unexpected: \(reason)")
        case .rejected(let reason):
            logger.warning("Task \(name(event)) reject requeue=False: \(reason)")
        case .held(let reason):
            logger.warning("Task \(name(event)) is held, for a person to decide: \(reason)")
        case .expired:
            logger.info("Discarding revoked task: \(name(event))", metadata: ["reason": "expired"])
        case .timeLimitExceeded(let limit, isHard: false):
            logger.warning("Soft time limit (\(limit / .seconds(1))s) exceeded for \(name(event))")
        case .timeLimitExceeded(let limit, isHard: true):
            logger.error("Hard time limit (\(limit / .seconds(1))s) exceeded for \(name(event))")
        case .lost:
            logger.warning("Task \(name(event)) was taken over by another worker; nothing was done")
        case .refused(let refusal) where refusal.reason == .unknownTask:
            logger.error(
                "Received unregistered task of type '\(event.task ?? "?")'.", metadata: ["id": "\(event.id ?? "?")"])
        case .refused(let refusal):
            logger.error(
                "Received a message that cannot be run: \(refusal)", metadata: ["id": "\(event.id ?? "unknown")"])
        }
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
