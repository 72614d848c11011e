/// What a provider sends in place of its account's own template: for one purpose, or in one language.
public struct MessageTemplate: Sendable, Hashable {
    /// The vendor's name of an approved template; nil where the text itself is sent.
    public var id: String?
    /// The words, with `{code}` and `{minutes}` where these stand; of an approved template, those that the vendor has
    /// approved, if they are known.
    public var text: String?

    /// A template that a vendor has approved, or a text of one's own.
    public init(id: String? = nil, text: String? = nil) {
        self.id = id
        self.text = text
    }

    /// What the text has places for, in their order; nil when the words are not known.
    public var variables: [TemplateVariable]? {
        text.map { text in
            TemplateVariable.allCases
                .compactMap { variable in text.firstRange(of: variable.place).map { (variable, $0.lowerBound) } }
                .sorted { $0.1 < $1.1 }.map(\.0)
        }
    }
}

/// What a template has variables for.
public enum TemplateVariable: String, Sendable, CaseIterable {
    /// The verification code.
    case code
    /// For how many minutes it is valid.
    case minutes

    /// What stands for it in a text.
    public var place: String { "{\(rawValue)}" }

    /// What stands in braces in a text, and stands for nothing.
    public static func unknownPlaces(in text: String) -> [String] {
        text.matches(of: /\{[^{}]*\}/).map { String($0.output) }.filter { place in
            !allCases.contains { $0.place == place }
        }
    }

    /// What a message fills in.
    func value(in message: OutgoingMessage) -> String {
        switch self {
        case .code: message.code
        case .minutes: String(message.validMinutes)
        }
    }
}
