/// A message that nothing is wrong with, as a gateway has read it.
struct Submission: Sendable {
    /// The number, in the form that the gateway was given.
    var mobile: String
    /// The text as the phone shows it, signature included.
    var text: String
    /// The verification code in it, if there is one.
    var code: String?
    /// The template's identifier; nil where the caller writes the text.
    var template: String?
    /// The gateway's own identifier of the message.
    var messageID: String
    /// The caller's identifier of the message, which the vendor repeats in its report.
    var reference: String?
    /// Who the message comes from, if the caller chooses that.
    var sender: String?
    /// Where the caller wants reports of this message; nil: where the account has them.
    var reportURL: String?
}
