import Logging

/// What one log line says.
struct LogRecord {
    var time: WallClockTime
    var level: Logger.Level
    var logger: String
    var message: String
    var metadata: Logger.Metadata

    /// `[2026-11-23 05:56:57,123: INFO/MainProcess] text key=value`, the time left out when the journal keeps it.
    func appendHuman(process: String, withTime: Bool, to line: inout [UInt8]) {
        line.append(UInt8(ascii: "["))
        if withTime {
            time.appendLocal(to: &line)
            line.append(contentsOf: ": ".utf8)
        }
        line.append(contentsOf: level.celeryName.utf8)
        line.append(UInt8(ascii: "/"))
        line.append(contentsOf: process.utf8)
        line.append(contentsOf: "] ".utf8)
        appendEscaped(message, to: &line)
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
            line.append(UInt8(ascii: " "))
            appendEscaped(key, to: &line)
            line.append(UInt8(ascii: "="))
            appendValue(value.description, to: &line)
        }
    }

    /// `{"ts":"2026-11-22T21:56:57.123Z","level":"info","logger":"sms-worker","message":"text","metadata":{"key":"value"}}`
    func appendJSON(to line: inout [UInt8]) {
        line.append(contentsOf: #"{"ts":""#.utf8)
        time.appendUTC(to: &line)
        line.append(contentsOf: #"","level":""#.utf8)
        line.append(contentsOf: level.rawValue.utf8)
        line.append(contentsOf: #"","logger":"#.utf8)
        appendJSONString(logger, to: &line)
        line.append(contentsOf: #","message":"#.utf8)
        appendJSONString(message, to: &line)
        if !metadata.isEmpty {
            line.append(contentsOf: #","metadata":"#.utf8)
            appendJSON(.dictionary(metadata), to: &line)
        }
        line.append(UInt8(ascii: "}"))
    }

    /// A bare word as it is; anything with a blank, a quotation mark, an equals sign or a control character in quotes.
    private func appendValue(_ text: String, to line: inout [UInt8]) {
        let needsQuotes = text.unicodeScalars.contains { $0 == " " || $0 == "\"" || $0 == "=" || isUnsafe($0) }
        guard needsQuotes || text.isEmpty else {
            line.append(contentsOf: text.utf8)
            return
        }
        line.append(UInt8(ascii: "\""))
        appendEscaped(text, quoting: true, to: &line)
        line.append(UInt8(ascii: "\""))
    }

    private func appendJSON(_ value: Logger.MetadataValue, to line: inout [UInt8]) {
        switch value {
        case .string(let text): appendJSONString(text, to: &line)
        case .stringConvertible(let value): appendJSONString(value.description, to: &line)
        case .array(let elements):
            line.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { line.append(UInt8(ascii: ",")) }
                appendJSON(element, to: &line)
            }
            line.append(UInt8(ascii: "]"))
        case .dictionary(let members):
            line.append(UInt8(ascii: "{"))
            for (index, member) in members.sorted(by: { $0.key < $1.key }).enumerated() {
                if index > 0 { line.append(UInt8(ascii: ",")) }
                appendJSONString(member.key, to: &line)
                line.append(UInt8(ascii: ":"))
                appendJSON(member.value, to: &line)
            }
            line.append(UInt8(ascii: "}"))
        }
    }
}

extension Logger.Level {
    /// The name that Celery (Python's logging) gives this level.
    var celeryName: String {
        switch self {
        case .trace, .debug: "DEBUG"
        case .info, .notice: "INFO"
        case .warning: "WARNING"
        case .error: "ERROR"
        case .critical: "CRITICAL"
        }
    }

    /// The priority of syslog(3) that the journal knows this level by.
    var journalPriority: Int {
        switch self {
        case .trace, .debug: 7
        case .info: 6
        case .notice: 5
        case .warning: 4
        case .error: 3
        case .critical: 2
        }
    }
}
