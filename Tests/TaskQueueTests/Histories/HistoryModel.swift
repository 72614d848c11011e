@testable import TaskQueue

/// A queue with its workers, as they should be.
struct HistoryModel {
    var queue = QueueModel()
    var workers: [SimulatedWorker]

    init(workers count: Int) {
        workers = (1...count).map { SimulatedWorker(name: "w\($0)") }
    }

    /// What must come of a step, and the answer that must be given to who takes it.
    mutating func take(_ step: Step) -> String {
        switch step {
        case .send(let jobs):
            queue.append(jobs)
            queue.count("enqueued", jobs.count)
        case .push(let job, let times):
            queue.append(Array(repeating: job, count: times))
        case .renewLease(let worker):
            queue.leases[worker] = true
        case .arrive(let worker, let band):
            queue.arrive(at: worker, from: band)
        case .claim(let worker, let most, let rooms, let isReplyLost):
            return claim(for: worker, atMost: most, rooms: rooms, isReplyLost: isReplyLost)
        case .look(let worker):
            return look(worker)
        case .admit(let claim, let hasRoom):
            guard queue[claim] != nil else { return "\(Admission.claimLost)" }
            guard queue.admit(claim, hasRoom: hasRoom) else { return "\(Admission.movedToLine)" }
            self[claim]?.isAdmitted = true
            return "\(Admission.admitted)"
        case .passFence(let claim):
            self[claim]?.mayBeSent = true
            guard queue.leases[claim.worker] == true, let job = queue[claim]?.job else {
                return "\(FenceAnswer.claimLost)"
            }
            queue[claim]?.sentAttempt = job.retries + 1
            return "\(FenceAnswer.passed)"
        case .settle(let worker, let numbers, let settlement, _):
            return "\(numbers.count { queue.end(ClaimName(worker: worker, number: $0), as: settlement.rawValue) })"
        case .finish(let claim, let jobs):
            guard queue.end(claim, as: Settlement.succeeded.rawValue) else { return "\(Finish.claimLost)" }
            queue.append(jobs)
            return "\(Finish.finished)"
        case .retry(let claim, let minutes):
            guard var job = queue[claim]?.job else { return "false" }
            job.retries += 1
            return schedule(claim, job, minutes: minutes, counter: "retried")
        case .postpone(let claim, let minutes):
            guard let job = queue[claim]?.job else { return "false" }
            return schedule(claim, job, minutes: minutes, counter: "scheduled")
        case .bury(let claim, let jobs):
            guard queue[claim] != nil else { return "false" }
            queue.bury(claim, reason: "rejected")
            queue.append(jobs)
            return "true"
        case .giveBack(let worker, let isFinal):
            return "\(queue.giveBack(of: worker, isFinal: isFinal))"
        case .holdUnknown(let worker):
            queue.holdUnknown(of: worker)
        case .promote:
            queue.promote()
            return answer(due: queue.daysUntilDue, start: queue.daysUntilStart)
        case .takeOver(let worker, _):
            queue.takeOver(worker)
        case .takeBack(let claim, _):
            guard queue.leases[claim.worker] != true, let job = queue[claim]?.job else { return "false" }
            queue.takeBack(claim, redeliveries: job.isUnreadable ? 0 : job.redeliveries + 1)
            return "true"
        case .buryPoison(let claim, _):
            guard queue.leases[claim.worker] != true, queue[claim] != nil else { return "false" }
            queue.bury(claim, reason: "poison")
            return "true"
        case .forget(let worker, _):
            return "\(queue.forget(worker))"
        case .crash(let worker, let successor):
            for index in workers.indices where workers[index].name == worker { workers[index].isGone = true }
            workers.append(SimulatedWorker(name: successor))
        case .leaseRunsOut(let worker):
            if queue.leases[worker] != nil { queue.leases[worker] = false }
        case .passTime(let days):
            queue.today += days
        case .forgetScripts, .dropConnections:
            break
        case .pause:
            queue.isPaused = true
        case .resume:
            defer { queue.isPaused = false }
            return "\(queue.isPaused)"
        case .retryDeadLetter(let letter):
            guard let index = queue.dead.firstIndex(where: { "\($0.job),\($0.reason)" == letter }) else {
                return "false"
            }
            queue.revive(at: index)
            return "true"
        }
        return ""
    }

    /// How ``SimulatedSystem`` says it too.
    func answer(due: Int?, start: Int?) -> String {
        "due \(due.map(String.init) ?? "never"), start \(start.map(String.init) ?? "never")"
    }

    subscript(claim: ClaimName) -> SimulatedWorker.Memory? {
        get { workers.first { $0.name == claim.worker }?.claims[claim.number] }
        set {
            guard let index = workers.firstIndex(where: { $0.name == claim.worker }) else { return }
            workers[index].claims[claim.number] = newValue
        }
    }

    // MARK: - Steps of several parts

    private mutating func claim(for name: String, atMost most: Int, rooms: [Int], isReplyLost: Bool) -> String {
        guard let index = workers.firstIndex(where: { $0.name == name }) else { return "" }
        let first = workers[index].nextClaimNumber
        workers[index].nextClaimNumber += most
        guard queue.leases[name] == true else { return isReplyLost ? "" : "lease lost" }
        guard !queue.isPaused else {
            queue.giveBackArriving(at: name)
            return isReplyLost ? "" : "paused"
        }
        let fromLines = queue.claim(for: name, from: first, atMost: most, rooms: rooms)
        guard !isReplyLost else { return "" }
        let admitted = fromLines.reduce(0, +)
        var answer: [String] = []
        for number in first..<first + most {
            guard let job = queue[ClaimName(worker: name, number: number)]?.job else { continue }
            let isAdmitted = number < first + admitted
            workers[index].claims[number] = .init(job: job, mayBeSent: false, isAdmitted: isAdmitted)
            answer.append("\(number)=\(job)\(isAdmitted ? " admitted" : "")")
        }
        return "\(answer) \(fromLines)"
    }

    private mutating func look(_ name: String) -> String {
        guard let index = workers.firstIndex(where: { $0.name == name }) else { return "" }
        let claims = queue.claimed[name, default: [:]].sorted { $0.key > $1.key }
        for (number, claim) in claims where workers[index].claims[number] == nil {
            workers[index].claims[number] = .init(
                job: claim.job, mayBeSent: claim.sentAttempt != nil, isAdmitted: false)
        }
        return "\(claims.map { "\($0.key)=\($0.value.job)\($0.value.sentAttempt == nil ? "" : " sent")" })"
    }

    private mutating func schedule(_ claim: ClaimName, _ job: Job, minutes: Int, counter: String) -> String {
        queue[claim] = nil
        queue.schedule(job, minutes: minutes)
        queue.count(counter)
        return "true"
    }
}
