internal import Operations
internal import TaskQueue

/// How the console is served.
struct ConsoleConfiguration: Sendable {
    private static let shortestToken = 32

    let host: String
    let port: Int
    /// What people sign in with; nil: nobody is asked, as only this machine can ask.
    let token: String?
    let isReadOnly: Bool
    /// Browsers come over TLS.
    let isSecure: Bool
    let display: ArgumentDisplay

    init(_ settings: Settings, display: ArgumentDisplay) throws(ConfigurationError) {
        host = try settings.read(.webHost)
        port = try settings.read(.webPort)
        token = try settings.read(.webToken)
        isReadOnly = try settings.read(.webReadOnly) == .yes
        isSecure = try settings.read(.webTrustHTTPS) == .yes
        self.display = display
        if let token, token.utf8.count < Self.shortestToken {
            throw ConfigurationError(
                "the token of --token-file or SMS_WEB_TOKEN has \(token.utf8.count) characters: it needs "
                    + "\(Self.shortestToken) or more, such as openssl rand -hex 32 makes")
        }
        guard token != nil || isLoopback else {
            throw ConfigurationError(
                "--host \(host) can be reached by others: give --token-file, a file with a token of "
                    + "\(Self.shortestToken) characters or more, or SMS_WEB_TOKEN")
        }
    }

    /// Only this machine can ask.
    var isLoopback: Bool { Self.isLoopback(host) }

    static func isLoopback(_ host: String) -> Bool {
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return host == "localhost" || host == "::1" || host == "[::1]"
            || parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}
