/// What the demo page is told when the service starts.
public struct DemoPageOptions: Sendable, Equatable {
    /// Where the page links to as the sandbox's inbox; nil leaves the link out.
    public let inboxURL: String?
    /// Pictures show two rows, of which the upper one is to be read first: people are told.
    public var picturesHaveRows = false

    /// A page without a link to an inbox.
    public init() {
        inboxURL = nil
    }

    /// A page that links to the sandbox's inbox.
    ///
    /// - Parameter inboxURL: An `http://` or `https://` address.
    /// - Throws: ``InvalidInboxURL`` for any other kind, since a link could also be a script.
    public init(inboxURL: String) throws(InvalidInboxURL) {
        guard inboxURL.hasPrefix("http://") || inboxURL.hasPrefix("https://") else {
            throw InvalidInboxURL(value: inboxURL)
        }
        self.inboxURL = inboxURL
    }
}

/// The demo page was given an inbox address that is no web address.
public struct InvalidInboxURL: Error, Equatable, CustomStringConvertible {
    /// What was given.
    public var value: String

    /// Names the value and the remedy.
    public var description: String {
        "The inbox's address '\(value)' must begin with http:// or https://, for example http://127.0.0.1:8090/."
    }
}
