/// A message that has not ended, as far as a person needs it.
public struct QueuedTask: Sendable, Codable, Hashable {
    /// The task's id, nil when the message cannot be read.
    public var id: String?
    /// The task's name, nil when the message cannot be read.
    public var task: String?
    /// The band it belongs to.
    public var priority: Int
    /// How many times it was retried.
    public var retries: Int?
    /// How often it came back from a worker that died.
    public var redeliveries: Int?
    /// It must not run before: ISO 8601.
    public var eta: String?
    /// It must not run after: ISO 8601.
    public var expires: String?
    /// Since when it waits where it is, as its sender's clock says, ISO 8601; nil when Celery has sent it, which does not
    /// tell.
    public var since: String?
    /// Who sent it.
    public var origin: String?
    /// The arguments, masked unless somebody asked for them.
    public var arguments: String?
    /// Why a worker will not run it; nil when it looks well.
    public var problem: String?

    /// - Parameters:
    ///   - raw: The message.
    ///   - band: The list that it was found in; nil: what the message says.
    ///   - display: How much of its arguments to show.
    init(_ raw: [UInt8], band: PriorityBand? = nil, _ display: ArgumentDisplay) {
        let envelope = try? Envelope(raw)
        priority = (band ?? PriorityBand(priority: envelope?.priority?.integer ?? 0)).rawValue
        origin = envelope?.headers?["origin"]?.string
        let published = Self.waitsSince(envelope)
        do throws(MessageRefusal) {
            let message = try TaskMessage(raw)
            id = message.id
            task = message.task
            retries = message.retries
            redeliveries = message.redeliveries
            eta = message.eta?.text
            expires = message.expires?.text
            since = published?.text
            arguments = display.text(of: message)
        } catch {
            id = envelope?.headers?["id"]?.string
            task = envelope?.headers?["task"]?.string
            since = published?.text
            problem = error.description
        }
    }

    /// Since when it waits where it is: since it was put there, or since the time came before which it must not run.
    private static func waitsSince(_ envelope: Envelope?) -> WireTime? {
        envelope?.readySince(eta: envelope?.headers?["eta"]?.string.flatMap(WireTime.init))
    }

    /// It ended with its time, whoever takes it next.
    func isExpired(at now: WireTime) -> Bool {
        expires.flatMap(WireTime.init).map { $0 <= now } ?? false
    }
}
