extension SandboxAccount {
    /// The key that the sandbox shares with whoever calls its signed webhook. It opens nothing anywhere else.
    public struct SignedWebhook: Sendable, Equatable {
        /// The key that signs every request: `whsec_`, then its bytes in base64.
        public var secret = "whsec_" + "c2FuZGJveC13ZWJob29rLWtleS0wMDAwMDAwMDAwMDE="

        /// The other key, which signs the sandbox's delivery reports.
        public var reportSecret = "whsec_" + "c2FuZGJveC1yZXBvcnRzLWtleS0wMDAwMDAwMDAwMDE="

        /// Makes the made-up key.
        public init() {}
    }
}
