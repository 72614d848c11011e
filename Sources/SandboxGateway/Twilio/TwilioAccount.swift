extension SandboxAccount {
    /// The account that the sandbox knows at Twilio. It opens nothing anywhere else.
    public struct Twilio: Sendable, Equatable {
        /// The account's SID, part of the address and the user name of every request.
        public var accountSID = "ACSANDBOXSANDBOXSANDBOXSANDBOX0001"
        /// The password of every request.
        public var authToken = "sandbox-twilio-auth-token-000001"
        /// The number that the account sends from.
        public var from = "+15005550006"
        /// The account's only messaging service, which requests may name in place of a number.
        public var messagingServiceSID = "MGSANDBOXSANDBOXSANDBOXSANDBOX0001"

        /// Makes the made-up account.
        public init() {}
    }
}
