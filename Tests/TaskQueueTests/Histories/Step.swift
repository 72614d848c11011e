@testable import TaskQueue

/// One step of a history.
enum Step {
    // Senders.
    case send([Job])
    /// The same bytes so many times.
    case push(Job, times: Int)

    // A worker and its claims.
    case renewLease(String)
    case arrive(String, PriorityBand)
    /// The rooms are those for the tasks with a line. When the reply is lost, the worker learns nothing of its claims.
    case claim(String, atMost: Int, rooms: [Int], isReplyLost: Bool)
    /// The worker looks for claims of its own that it does not know.
    case look(String)
    case admit(ClaimName, hasRoom: Bool)
    case passFence(ClaimName)
    case settle(String, [Int], as: Settlement, wereSent: Bool)
    case finish(ClaimName, followedBy: [Job])
    case retry(ClaimName, minutes: Int)
    case postpone(ClaimName, minutes: Int)
    case bury(ClaimName, followedBy: [Job])
    case giveBack(String, isFinal: Bool)
    case holdUnknown(String)

    // The workers among themselves.
    case promote(by: String)
    case takeOver(String, by: String)
    /// The parts of a takeover, each as late as can be: what was read before may no longer be so.
    case takeBack(ClaimName, by: String)
    case buryPoison(ClaimName, by: String)
    case forget(String, by: String)

    // What happens to them.
    /// A worker that is never heard of again, as a rule; another one starts.
    case crash(String, successor: String)
    case leaseRunsOut(String)
    case passTime(days: Int)
    case forgetScripts
    case dropConnections

    // People.
    case pause
    case resume
    /// In the form in which the model shows it.
    case retryDeadLetter(String)
}

/// A claim, as all workers of a history may speak of it.
struct ClaimName: Hashable, CustomStringConvertible {
    let worker: String
    let number: Int

    var description: String { "\(worker)#\(number)" }
}
