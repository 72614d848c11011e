internal import Crypto
internal import RedisClient

/// What a verification remembers of the message that it has sent last.
struct StoredMessage: Sendable {
    /// The code with what it was made for, as it is stored.
    let copy: String
    /// Whose the verification is, as it is stored.
    let owner: String
    /// The message's name.
    let last: String
    /// Nothing was sent, for reasons that are no business of the caller.
    let isSilent: Bool
    /// For how long it has been under way, in milliseconds.
    let age: Int

    /// Nil when there is no such verification.
    ///
    /// - Parameters:
    ///   - fields: `copy`, `owner`, `sends`, `last` and `charged`, as `start.lua` writes them.
    ///   - time: The server's time, as `TIME` answers.
    init?(fields: [RESPValue], time: [RESPValue]) throws(RedisError) {
        guard let copy = try fields[0].optional?.text, let owner = try fields[1].optional?.text else { return nil }
        let sent = try fields[2].optional?.text.split(separator: " ").last.map { String($0) }
        let last = try fields[3].optional?.text ?? sent ?? ""
        (self.copy, self.owner, self.last) = (copy, owner, last)
        isSilent = last != sent
        age = try time[0].integer * 1000 + time[1].integer / 1000 - (fields[4].optional?.integer ?? 0)
    }

    /// What a caller is told. A refusal that comes from what others did to the number looks as a message does that a
    /// gateway has taken, and so, after a moment, does one that was not sent: whoever watches it sees what it would see of a
    /// phone that is switched off.
    func state(_ view: DeliveryRecords.View) -> MessageState {
        if isSilent { return view.areOthersAccepted && age >= plausibleWait ? .accepted : .queued }
        return view.state == .failed && view.isPrivate ? .accepted : view.state ?? .queued
    }

    /// A quarter of a second to one and a quarter, always the same for one message. The caller cannot compute it: it does
    /// not know the code.
    private var plausibleWait: Int {
        250 + 4 * (SHA256.hash(data: Array("\(copy) \(last)".utf8)).first { _ in true }.map { Int($0) } ?? 0)
    }
}
