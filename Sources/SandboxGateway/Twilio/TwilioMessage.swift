/// A request's fields, checked: what goes from whom to which phone.
struct TwilioMessage: Equatable {
    let to: String
    let text: String
    /// The sending number, or nil if a messaging service was named in its place.
    let from: String?
    let messagingServiceSID: String?
    /// Where the caller wants to be told what becomes of the message.
    let statusCallback: String?

    private static let longestText = 1600

    init(_ fields: FormFields, for account: SandboxAccount.Twilio) throws(TwilioFault) {
        to = try Self.recipient(fields["To"])
        messagingServiceSID = try Self.messagingService(fields["MessagingServiceSid"], for: account)
        from = try Self.sender(fields["From"], isRequired: messagingServiceSID == nil, for: account)
        guard let body = fields["Body"], !body.isEmpty else { throw .bodyMissing }
        guard body.count <= Self.longestText else { throw .bodyTooLong }
        text = body
        statusCallback = try Self.callback(fields["StatusCallback"])
    }

    private static func callback(_ address: String?) throws(TwilioFault) -> String? {
        guard let address, !address.isEmpty else { return nil }
        guard address.hasPrefix("http://") || address.hasPrefix("https://") else { throw .callbackInvalid }
        return address
    }

    private static func recipient(_ number: String?) throws(TwilioFault) -> String {
        guard let number, !number.isEmpty else { throw .numberMissing }
        guard number.isInternationalNumber else { throw .numberInvalid }
        if let fault = TwilioMagicNumbers.recipients[number] { throw fault }
        return number
    }

    private static func messagingService(
        _ identifier: String?, for account: SandboxAccount.Twilio
    ) throws(TwilioFault) -> String? {
        guard let identifier, !identifier.isEmpty else { return nil }
        guard identifier == account.messagingServiceSID else { throw .messagingServiceUnknown }
        return identifier
    }

    private static func sender(
        _ number: String?, isRequired: Bool, for account: SandboxAccount.Twilio
    ) throws(TwilioFault) -> String? {
        guard let number, !number.isEmpty else {
            if isRequired { throw .senderMissing }
            return nil
        }
        if let fault = TwilioMagicNumbers.senders[number] { throw fault }
        guard number.isInternationalNumber else { throw .senderInvalid }
        guard number == account.from else { throw .senderNotOwned }
        return number
    }
}
