@testable import RedisClient

/// What a reader makes of a stream: whole replies and, perhaps, an end that is a violation.
struct ReadOutcome: Equatable {
    var replies: [RESPValue] = []
    var violation: String?

    init(replies: [RESPValue]) {
        self.replies = replies
    }

    init(of pieces: [[UInt8]]) {
        let reader = ReplyReader()
        do throws(ProtocolViolation) {
            for piece in pieces {
                reader.feed(piece)
                while let reply = try reader.next() { replies.append(reply) }
            }
        } catch {
            violation = error.message
        }
    }

    /// A number that is "not a number" is unequal to itself, so what is not equal may still read the same.
    static func == (left: Self, right: Self) -> Bool {
        guard left.violation == right.violation else { return false }
        return left.replies == right.replies || "\(left.replies)" == "\(right.replies)"
    }
}
