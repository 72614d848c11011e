import Logging

/// What one log line says.
struct LogRecord {
    var time: WallClockTime
    var level: Logger.Level
    var logger: String
    var message: String
    var metadata: Logger.Metadata

    /// The whole line, line feed included; before it, for systemd's journal, `<N>`, the priority.
    func line(_ format: LogFormat, isJournal: Bool) -> [UInt8] {
        var line: [UInt8] = []
        line.reserveCapacity(256)
        if isJournal { line.append(contentsOf: "<\(level.journalPriority)>".utf8) }
        switch format {
        case .human, .journal: appendHuman(process: Self.process, withTime: !isJournal, to: &line)
        case .json: appendJSON(to: &line)
        }
        line.append(UInt8(ascii: "\n"))
        return line
    }

    private static let process = "MainProcess"

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
            let text = value.description
            // The id that the text is about is not said twice.
            if text.utf8.count >= Self.lengthOfID, message.contains(text) { continue }
            line.append(UInt8(ascii: " "))
            appendEscaped(key, to: &line)
            line.append(UInt8(ascii: "="))
            appendValue(text, to: &line)
        }
    }

    private static let lengthOfID = 36

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

    /// `MESSAGE=text`, `PRIORITY=6`, … one a line, a text of several lines with its length before it. The names of values
    /// are in capitals after `SMS_`, so that none takes the place of the journal's own.
    func appendJournal(to entry: inout [UInt8]) {
        appendField("PRIORITY", "\(level.journalPriority)", to: &entry)
        appendField("LOGGER", logger, to: &entry)
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
            appendField("SMS_\(Self.fieldName(key))", value.description, to: &entry)
        }
        appendField("MESSAGE", message, to: &entry)
    }

    private func appendField(_ name: String, _ text: String, to entry: inout [UInt8]) {
        entry.append(contentsOf: name.utf8)
        if text.utf8.contains(UInt8(ascii: "\n")) {
            entry.append(UInt8(ascii: "\n"))
            withUnsafeBytes(of: UInt64(text.utf8.count).littleEndian) { entry.append(contentsOf: $0) }
        } else {
            entry.append(UInt8(ascii: "="))
        }
        entry.append(contentsOf: text.utf8)
        entry.append(UInt8(ascii: "\n"))
    }

    private static func fieldName(_ key: String) -> String {
        String(
            decoding: key.utf8.map { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"): byte - 32
                case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): byte
                default: UInt8(ascii: "_")
                }
            }, as: UTF8.self)
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
