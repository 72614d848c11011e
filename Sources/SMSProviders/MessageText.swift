/// The words of a message, for gateways that carry free text instead of approved templates.
public enum MessageText {
    /// What is sent unless the account says something else.
    public static let standard =
        "{code} is your verification code. It is valid for {minutes} minutes. Do not share it with anyone."

    /// Whether the text has a place for the code.
    static func isUsable(_ text: String) -> Bool {
        text.contains(TemplateVariable.code.place)
    }

    /// Fills in the code, and the minutes where the text speaks of them.
    public static func filled(_ text: String, for message: OutgoingMessage) -> String {
        text.replacing(TemplateVariable.minutes.place, with: TemplateVariable.minutes.value(in: message))
            .replacing(TemplateVariable.code.place, with: TemplateVariable.code.value(in: message))
    }
}
