extension SandboxServer {
    /// What to print once the sandbox listens: where the inbox is, and the settings that make a worker use it.
    public func banner() async throws -> String {
        let address = "http://\(configuration.host.contains(":") ? "[\(configuration.host)]" : configuration.host)"
        let base = "\(address):\(try await port)"
        let settings = ProviderSettings.all(for: configuration.account, at: base).map { provider in
            provider.settings.map { "  \($0.name)=\($0.value)" }.joined(separator: "\n")
        }
        return """
            sms-sandbox: no message leaves this machine
              inbox     \(base)/
              messages  \(base)/messages   \(base)/stats   POST \(base)/reset
              faults    GET, PUT, DELETE \(base)/faults

            Settings for sms-worker (made-up account, good only here):
            \(settings.joined(separator: "\n\n"))
            """
    }
}
