extension SendResult {
    /// Of a call that was not made, since the message's number is none.
    static let noPhoneNumber = SendResult(.badNumber(.number), detail: "not a phone number, so nothing was sent")

    /// Of a call that was not made, since the account's address is none.
    static let noAddress = SendResult(.badConfiguration(.param), detail: "no gateway's address, so nothing was sent")
}
