extension SandboxServer {
    /// What to print once the sandbox listens: where the inbox is, and the settings that make a worker use it.
    public func banner() async throws -> String {
        let address = "http://\(configuration.host.contains(":") ? "[\(configuration.host)]" : configuration.host)"
        let base = "\(address):\(try await port)"
        let account = configuration.account
        return """
            sms-sandbox: no message leaves this machine
              inbox     \(base)/
              messages  \(base)/messages   \(base)/stats   POST \(base)/reset

            Settings for sms-worker (made-up account, good only here):
              SMS_YUNTONGXUN_BASE_URL=\(base)
              SMS_YUNTONGXUN_ACCOUNT_SID=\(account.accountSID)
              SMS_YUNTONGXUN_AUTH_TOKEN=\(account.authToken)
              SMS_YUNTONGXUN_APP_ID=\(account.appID)
              SMS_YUNTONGXUN_TEMPLATE_ID=1
            """
    }
}
