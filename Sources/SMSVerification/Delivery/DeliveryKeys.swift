/// The broker's keys of what became of messages. They hold no code and no number.
enum DeliveryKeys {
    static let messagePrefix = "sms:delivery:message:"
    static let dayPrefix = "sms:delivery:day:"
    /// Present: a gateway took a message within the last day.
    static let accepted = "sms:delivery:accepted"

    /// A message, by the id of the job that sends it.
    static func message(_ jobID: String) -> String { messagePrefix + jobID }
    /// Which job a gateway's own id belongs to.
    static func reference(_ provider: String, _ id: String) -> String { "sms:delivery:reference:\(provider):\(id)" }
    /// A report on a message of which nothing is known yet, by the gateway's id or the job's.
    static func early(_ provider: String, _ id: String) -> String { "sms:delivery:early:\(provider):\(id)" }
    /// What a provider did with the messages of one day, such as `2026-11-24`.
    static func day(_ provider: String, _ day: String) -> String { "\(dayPrefix)\(provider):\(day)" }
}
