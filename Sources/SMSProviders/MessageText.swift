/// The words of a message, for gateways that carry free text instead of approved templates.
public enum MessageText {
    /// What is sent unless the account says something else.
    public static let standard = "{code} is your verification code. It is valid for {minutes} minutes."

    /// Whether the text has a place for the code.
    static func isUsable(_ text: String) -> Bool {
        text.contains("{code}")
    }

    /// Fills in the code, and the minutes where the text speaks of them.
    static func filled(_ text: String, for message: OutgoingMessage) -> String {
        text.replacing("{minutes}", with: String(message.validMinutes)).replacing("{code}", with: message.code)
    }
}
