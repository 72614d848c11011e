/// A URL without its secrets: the password before `@`, and the value of `password=` in the query, become `**`.
///
/// It works on text that is not a valid URL as well, since errors about such text must not show the password either:
/// everything between the user's name and the last `@` counts as the password.
@Sendable func redactedURL(_ text: String) -> String {
    var shown = text
    if let at = shown.lastIndex(of: "@") {
        let start = shown.firstRange(of: "://").map(\.upperBound) ?? shown.startIndex
        if start < at, let colon = shown[start..<at].firstIndex(of: ":") {
            shown.replaceSubrange(shown.index(after: colon)..<at, with: "**")
        }
    }
    if let start = shown.firstRange(of: "password=")?.upperBound {
        let end = shown[start...].firstIndex(of: "&") ?? shown.endIndex
        shown.replaceSubrange(start..<end, with: "**")
    }
    return shown
}
