extension SandboxAccount {
    /// The account that the sandbox knows at Aliyun. It opens nothing anywhere else.
    public struct Aliyun: Sendable, Equatable {
        /// Names the key that signs every request.
        public var accessKeyID = "SandboxAliyunKey00000001"
        /// The key that signs every request.
        public var accessKeySecret = "SandboxAliyunSecret00000000001"
        /// The approved signature, shown in front of every text.
        public var signName = "沙箱测试"
        /// The approved template.
        public var templateCode = "SMS_100000001"

        /// Makes the made-up account.
        public init() {}
    }
}
