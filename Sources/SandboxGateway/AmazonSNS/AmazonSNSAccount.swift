extension SandboxAccount {
    /// The account that the sandbox knows at Amazon Web Services. It opens nothing anywhere else.
    public struct AmazonSNS: Sendable, Equatable {
        /// The region whose service this is.
        public var region = "us-east-1"
        /// Names the key that signs every request.
        public var accessKeyID = "SANDBOXAWSKEYID00001"
        /// The key that signs every request.
        public var secretAccessKey = "sandboxAwsSecret/0123456789+abcdefghijkl"

        /// Makes the made-up account.
        public init() {}
    }
}
