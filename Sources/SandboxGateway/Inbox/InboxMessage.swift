public import FoundationEssentials

/// A message as it would have arrived on a phone.
public struct InboxMessage: Codable, Sendable, Equatable, Identifiable {
    /// How far a message has come.
    public enum State: String, Codable, Sendable {
        /// The gateway has it; its caller is not answered yet.
        case received
        /// The gateway has it, and its caller knows.
        case accepted
        /// The gateway has it, and its caller does not know.
        case unanswered
        /// The phone has it.
        case delivered
        /// It will not reach the phone.
        case failed
    }

    /// One line of a message's history.
    public struct Event: Codable, Sendable, Equatable {
        /// What happened.
        public enum Kind: String, Codable, Sendable {
            /// The call came.
            case received
            /// The caller was told that the message was taken.
            case accepted
            /// The caller was told nothing that it could understand.
            case unanswered
            /// The phone got it.
            case delivered
            /// The phone did not get it.
            case failed
            /// A delivery report was posted.
            case report
        }

        /// What happened.
        public var kind: Kind
        /// When.
        public var at: Date
        /// More about it, such as a report's status and the HTTP status that answered it.
        public var detail: String?

        /// Makes a line.
        public init(_ kind: Kind, at: Date, detail: String? = nil) {
            self.kind = kind
            self.at = at
            self.detail = detail
        }
    }

    /// Counts the messages of one run, from 1; never used twice.
    public var id: Int
    /// The gateway that took the message, such as `yuntongxun`.
    public var gateway: String
    /// The number, in the form that the gateway was given.
    public var mobile: String
    /// The template's identifier, as the gateway was given it; nil for a text of the caller's own.
    public var template: String?
    /// The text as the phone shows it, signature included.
    public var text: String
    /// The verification code in the text, if the template has one.
    public var code: String?
    /// The gateway's identifier of the message.
    public var messageID: String
    /// When the gateway took it.
    public var received: Date
    /// How far it has come.
    public var state: State
    /// Its history, oldest first.
    public var events: [Event]

    private enum CodingKeys: String, CodingKey {
        case id, gateway, mobile, template, text, code, received, state, events
        case messageID = "message_id"
    }
}

extension InboxMessage {
    /// How many reports the history keeps, should a caller's switch be on for long.
    private static let longestHistory = 32

    init(_ message: Submission, id: Int, through provider: Provider, at now: Date) {
        self.init(
            id: id, gateway: provider.rawValue, mobile: message.mobile, template: message.template,
            text: message.text, code: message.code, messageID: message.messageID, received: now, state: .received,
            events: [])
        events.reserveCapacity(3)
        events.append(Event(.received, at: now))
    }

    mutating func note(_ event: Event) {
        if events.count < Self.longestHistory { events.append(event) }
        switch event.kind {
        case .received, .report: break
        // What the phone knows counts for more than what the caller knows.
        case .accepted where state == .received: state = .accepted
        case .unanswered where state == .received: state = .unanswered
        case .accepted, .unanswered: break
        case .delivered: state = .delivered
        case .failed: state = .failed
        }
    }
}
