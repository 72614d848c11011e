internal import Logging
internal import RedisClient

/// The lines that ops grep for, in the shapes of Celery's worker.
struct WorkerLog: Sendable {
    let logger: Logger

    func received(_ message: TaskMessage) {
        logger.info("Task \(message.task)[\(message.id)] received")
    }

    func succeeded(_ message: TaskMessage, after duration: Duration, result: [UInt8]) {
        let seconds = duration / .seconds(1)
        logger.info("Task \(message.task)[\(message.id)] succeeded in \(seconds)s: \(PythonText.of(result))")
    }

    func retry(_ message: TaskMessage, in delay: Duration, reason: String) {
        let seconds = Double(delay.wholeMilliseconds) / 1000
        logger.info("Task \(message.task)[\(message.id)] retry: Retry in \(seconds)s: \(reason)")
    }

    func failed(_ message: TaskMessage, reason: String) {
        logger.error("Task \(message.task)[\(message.id)] raised unexpected: \(reason)")
    }

    func rejected(_ message: TaskMessage, reason: String) {
        logger.warning("Task \(message.task)[\(message.id)] reject requeue=False: \(reason)")
    }

    func expired(_ message: TaskMessage) {
        logger.info("Discarding revoked task: \(message.task)[\(message.id)]", metadata: ["reason": "expired"])
    }

    func lost(_ message: TaskMessage) {
        logger.warning("Task \(message.task)[\(message.id)] was taken over by another worker; nothing was done")
    }

    func unregistered(_ message: TaskMessage) {
        logger.error("Received unregistered task of type '\(message.task)'.", metadata: ["id": "\(message.id)"])
    }

    func refused(_ refusal: MessageRefusal, id: String?) {
        logger.error("Received a message that cannot be run: \(refusal)", metadata: ["id": "\(id ?? "unknown")"])
    }
}

/// JSON values as Python prints them, for log lines that tools written for Celery read.
enum PythonText {
    static func of(_ json: [UInt8]) -> String {
        guard let value = try? JSONText(json) else { return "?" }
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
