extension SandboxAccount {
    /// The account that the sandbox knows at Tencent Cloud. It opens nothing anywhere else.
    public struct Tencent: Sendable, Equatable {
        /// Names the key that signs every request.
        public var secretID = "SandboxTencentSecretID00000000000001"
        /// The key that signs every request.
        public var secretKey = "SandboxTencentSecretKey000000001"
        /// The application's identifier.
        public var appID = "1400000001"
        /// The approved signature, shown in front of every text.
        public var signName = "沙箱测试"
        /// The approved template.
        public var templateID = "1000001"

        /// Makes the made-up account.
        public init() {}
    }
}
