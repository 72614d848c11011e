internal import RedisClient

/// What the limits say to a message.
public enum SendDecision: Sendable {
    /// It may be sent, and is counted.
    case charged(SendCharge)
    /// The caller must bring more. Nothing is counted.
    case needsProof(ProofLevel)
    /// It may not be sent. Nothing is counted.
    case refused(SendRefusal)
}

/// A message that is counted: with it, what was counted can be taken back.
public struct SendCharge: Sendable {
    /// When, in milliseconds since 1970, by the clock that the limits go by.
    public let moment: Int
    /// When the number may be sent to again. It tells of everybody's messages to that number: a caller may be told who has
    /// asked for all of them.
    public let resendAfter: Duration
    /// The budgets of which this message, first in its period, has used up so much that an alarm is due.
    public let alarms: [String]
    let block: ChargeBlock
}

/// Why a message may not be sent.
public struct SendRefusal: Sendable, Hashable {
    /// The limit's name, for operators. Of several, the one that lasts longest.
    public let limit: String
    /// When it is worth asking again. It tells of everybody's messages: not for callers.
    public let retryAfter: Duration
    /// The same as far as it comes from what the caller's own address and session have asked for, which the caller may be
    /// told; nil when that is within their limits.
    public let ownRetryAfter: Duration?
}

extension SendDecision {
    /// Reads what `decide` and `charge` of `limits.lua` return.
    init(_ reply: RESPValue, of block: ChargeBlock) throws(RedisError) {
        let values = try reply.array
        func integer(_ place: Int) throws(RedisError) -> Int {
            guard values.indices.contains(place) else { throw Self.unexpected }
            return try values[place].integer
        }
        func name(_ names: [String], _ place: Int) throws(RedisError) -> String {
            guard names.indices.contains(place - 1) else { throw Self.unexpected }
            return names[place - 1]
        }
        switch try values.first?.text {
        case "charged":
            var alarms: [String] = []
            let budgets = block.rules.table.budgets.map(\.name)
            for value in values.dropFirst(3) { alarms.append(try name(budgets, try value.integer)) }
            self = .charged(
                SendCharge(
                    moment: try integer(1), resendAfter: .milliseconds(try integer(2)), alarms: alarms, block: block))
        case "proof":
            self = .needsProof(ProofLevel(rank: try integer(1)))
        case "refused":
            let own = try integer(3)
            self = .refused(
                SendRefusal(
                    limit: try name(block.rules.names, try integer(1)), retryAfter: .milliseconds(try integer(2)),
                    ownRetryAfter: own > 0 ? .milliseconds(own) : nil))
        default: throw Self.unexpected
        }
    }

    private static var unexpected: RedisError {
        RedisError(.unexpectedReply, "the limits' script answered with an unknown form", mayHaveBeenExecuted: true)
    }
}
