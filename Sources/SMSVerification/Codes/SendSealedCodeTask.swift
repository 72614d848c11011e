public import TaskQueue

/// The task that sends a code whose number and digits stand in the message encrypted. A Celery worker cannot run it.
public struct SendSealedCodeArguments: TaskArguments, CustomStringConvertible {
    /// For people: the number with its middle hidden.
    public var recipient: String
    /// The code with what it was made for, sealed.
    public var sealed: String

    /// The arguments of one sending.
    ///
    /// - Parameters:
    ///   - mobile: Whom to send to.
    ///   - sealed: The code with what it was made for, sealed.
    init(_ mobile: MobileNumber, sealed: String) {
        recipient = mobile.description
        self.sealed = sealed
    }

    public static let parameterNames = ["recipient", "sealed"]

    public var displayed: [String] { [recipient, "sealed"] }

    /// Masked, as everything that may be printed by accident.
    public var description: String { "SendSealedCodeArguments(\(recipient))" }

    /// What the plain task would say; nil when the key that has sealed it is not known, or a byte was changed.
    public func opened(with keys: SealingKeys) -> SendCodeArguments? {
        StoredSecrets.sealed(keys).copy(sealed).map { SendCodeArguments($0) }
    }
}

/// The task's definition, shared by the service that enqueues it and the worker that runs it. It has the options of the
/// plain one.
public func sendSealedCodeTask(
    policy: VerificationPolicy = VerificationPolicy(), purpose: Purpose? = nil, language: LanguageTag? = nil
) -> TaskDefinition<SendSealedCodeArguments, Int> {
    TaskDefinition(
        "send_sealed_code", options: sendCodeTask(policy: policy, purpose: purpose, language: language).options)
}
