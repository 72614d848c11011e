import Synchronization

/// Named checks of a program's parts.
public final class HealthChecks: Sendable {
    /// Returns when the part is well, throws when it is ill. The error's description is shown to operators.
    public typealias Check = @Sendable () async throws -> Void

    private let limit: Duration
    private let checks = Mutex<[String: Check]>([:])

    /// No checks yet; each will have `limit` to answer.
    public init(limit: Duration = .seconds(1)) {
        self.limit = limit
    }

    /// Adds a check, or replaces the one of the same name.
    public func add(_ part: String, _ check: @escaping Check) {
        checks.withLock { $0[part] = check }
    }

    /// Runs all checks at the same time.
    ///
    /// - Returns: What is wrong with each part; nil when it is well.
    public func run() async -> [String: String?] {
        let checks = checks.withLock { $0 }
        let limit = limit
        return await withTaskGroup(of: (String, String?).self) { group in
            for (part, check) in checks {
                group.addTask {
                    do {
                        try await withTimeLimit(limit, check)
                        return (part, nil)
                    } catch {
                        return (part, "\(error)")
                    }
                }
            }
            return await group.reduce(into: [String: String?]()) { $0.updateValue($1.1, forKey: $1.0) }
        }
    }
}

/// `{"status":"not ready","parts":{"broker":"connection refused","store":"ok"}}`
func healthJSON(status: String, parts: [String: String?]) -> [UInt8] {
    var text: [UInt8] = []
    text.append(contentsOf: #"{"status":"\#(status)","parts":{"#.utf8)
    for (index, part) in parts.sorted(by: { $0.key < $1.key }).enumerated() {
        if index > 0 { text.append(UInt8(ascii: ",")) }
        appendJSONString(part.key, to: &text)
        text.append(UInt8(ascii: ":"))
        appendJSONString(part.value ?? "ok", to: &text)
    }
    text.append(contentsOf: "}}\n".utf8)
    return text
}
