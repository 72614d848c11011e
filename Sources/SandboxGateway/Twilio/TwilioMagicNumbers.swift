/// Numbers that the vendor keeps for trying out what can go wrong.
enum TwilioMagicNumbers {
    /// What becomes of a message from this number, whoever owns it.
    static let senders: [String: TwilioFault] = [
        "+15005550001": .senderInvalid, "+15005550007": .senderNotOwned, "+15005550008": .senderQueueFull,
    ]

    /// What becomes of a message to this number.
    static let recipients: [String: TwilioFault] = [
        "+15005550001": .numberInvalid, "+15005550002": .noRoute, "+15005550003": .countryNotEnabled,
        "+15005550004": .recipientOptedOut, "+15005550009": .numberNotMobile,
    ]
}
