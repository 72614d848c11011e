/// What a connection says first, before any caller's command: who it is, which database it wants, and whether the server
/// is the right one. A state machine without I/O.
struct Handshake {
    private enum Step {
        case authenticate
        case hello
        case select
        case name
        case identify
        case role
        case ping
    }

    private var steps: ArraySlice<Step>
    private let url: RedisURL
    private let clientName: String
    /// The last refusal that would not have ended the handshake.
    private(set) var toleratedRefusal: RedisError?
    /// The connection's number on the server, when it was asked for and told.
    private(set) var clientID: Int?

    /// What one more reply means.
    enum Outcome {
        /// More replies must come.
        case unfinished
        /// Callers' commands may be written.
        case done
        /// The server cannot be used, or not by us.
        case failed(RedisError)
    }

    /// - Parameters:
    ///   - configuration: The URL, the name and the protocol's version.
    ///   - mustBeMaster: Refuse a server that is a replica.
    ///   - wantsClientID: Ask for the connection's number.
    init(_ configuration: RedisConfiguration, mustBeMaster: Bool, wantsClientID: Bool) {
        url = configuration.url
        clientName = (configuration.clientName ?? "swift").withoutBlanks
        var steps: [Step] = []
        if url.password != nil { steps.append(.authenticate) }
        if configuration.protocolVersion == .resp3 { steps.append(.hello) }
        if url.database != 0 { steps.append(.select) }
        steps.append(.name)
        if wantsClientID { steps.append(.identify) }
        if mustBeMaster { steps.append(.role) }
        steps.append(.ping)
        self.steps = steps[...]
    }

    /// All commands, to be written at once.
    var bytes: [UInt8] {
        var pipeline = Pipeline()
        for step in steps { pipeline.append(command(step)) }
        return pipeline.bytes
    }

    mutating func receive(_ reply: RESPValue) -> Outcome {
        guard let step = steps.popFirst() else { return .done }
        if case .error(let text) = reply {
            let error = RedisError(serverError: text)
            guard isTolerable(error, at: step) else { return .failed(error) }
            toleratedRefusal = error
        }
        switch step {
        case .identify: clientID = try? reply.integer
        case .role:
            // A user who may not ask is trusted to know what the sentinels say.
            if let role = try? reply.array.first?.text, role != "master" {
                let message = "the sentinels name a server that is a \(role) now; the failover is not complete"
                return .failed(RedisError(.notConnected, message, serverError: .readOnly))
            }
        default: break
        }
        return steps.isEmpty ? .done : .unfinished
    }

    private func command(_ step: Step) -> RedisCommand {
        switch step {
        case .authenticate:
            let password = url.password ?? ""
            return url.user.map { RedisCommand("AUTH", $0, password) } ?? RedisCommand("AUTH", password)
        case .hello: return RedisCommand("HELLO", 3)
        case .select: return RedisCommand("SELECT", url.database)
        case .name: return RedisCommand("CLIENT", "SETNAME", clientName)
        case .identify: return RedisCommand("CLIENT", "ID")
        case .role: return RedisCommand("ROLE")
        case .ping: return RedisCommand("PING")
        }
    }

    /// Whether the server serves all the same.
    private func isTolerable(_ error: RedisError, at step: Step) -> Bool {
        switch step {
        case .authenticate, .hello, .select: false
        // These are for people, for comfort or a sign of life: an ACL may forbid them.
        case .name, .identify, .role, .ping:
            error.serverError != .notAuthenticated && error.serverError != .loading
        }
    }
}

extension String {
    /// What Redis takes for a client's name: printable ASCII without blanks.
    fileprivate var withoutBlanks: String {
        String(String.UnicodeScalarView(unicodeScalars.map { ("!"..."~").contains($0) ? $0 : "-" }))
    }
}
