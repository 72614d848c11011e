import TestSupport

@testable import TaskQueue

/// Chooses the steps of a history. The seed determines all of them: they depend on the model, never on Redis.
struct HistoryGenerator {
    private var random: SeededGenerator
    private var nextJobNumber = 1
    private var nextWorkerNumber: Int
    private var schedulings = 0
    private let moves: [Move]
    private let bands: [PriorityBand]
    private let tasks: [SimulatedTask]
    private let postponedPercent: Int
    private let redeliveredPercent: Int
    let workers: Int
    let length: Int

    /// Each history has something that it does often and something that it never does, which brings it to places where
    /// an even mixture hardly comes. Source: Groce et al., "Swarm Testing", <https://doi.org/10.1145/2338965.2336763>
    init(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        workers = Int.random(in: 2...4, using: &random)
        length = Int.random(in: 20...50, using: &random)
        nextWorkerNumber = workers + 1
        bands = Array(PriorityBand.allCases.shuffled(using: &random).prefix(Int.random(in: 1...4, using: &random)))
        tasks = Array(SimulatedTask.allCases.shuffled(using: &random).prefix(Int.random(in: 1...4, using: &random)))
        postponedPercent = Bool.random(using: &random) ? 10 : 50
        redeliveredPercent = Bool.random(using: &random) ? 5 : 30
        moves = Move.allCases.flatMap { move in
            let factor = (move.isNeeded ? [1, 1, 1, 2] : [0, 1, 1, 4])[Int.random(in: 0...3, using: &random)]
            return Array(repeating: move, count: move.weight * factor)
        }
        self.random = random
    }

    mutating func step(_ model: HistoryModel) -> Step {
        while true {
            if let step = draw(model) { return step }
        }
    }

    /// Nil when the step drawn makes no sense now.
    private mutating func draw(_ model: HistoryModel) -> Step? {
        let worker = anyWorker(of: model)
        let name = worker.name
        let isAlive = model.queue.leases[name] == true
        switch anyMove() {
        case .send: return .send(newJobs(1...4, model))
        case .push: return .push(strangeJob(model), times: Int.random(in: 1...2, using: &random))
        case .arrive: return isAlive ? .arrive(name, bandWithJobs(model)) : nil
        case .claim:
            guard isAlive || chance(20) else { return .renewLease(name) }
            return .claim(
                name, atMost: Int.random(in: 1...5, using: &random),
                rooms: chance(40) ? [] : SimulatedTask.withLine.map { _ in Int.random(in: 0...3, using: &random) },
                isReplyLost: chance(8))
        case .look: return .look(name)
        case .work: return anyClaim(of: busyWorker(model) ?? worker, model).flatMap { work(on: $0, model) }
        case .promote:
            let mayBeDue = model.queue.daysUntilDue == 0 || chance(20)
            return mayBeDue ? .promote(by: name) : passTime()
        case .passTime: return passTime()
        case .crash:
            guard !worker.isGone else { return nil }
            defer { nextWorkerNumber += 1 }
            return .crash(name, successor: "w\(nextWorkerNumber)")
        case .lease: return isAlive ? .leaseRunsOut(name) : .renewLease(name)
        case .takeOver:
            // As a rule of one that is dead.
            let dead = model.queue.leases.filter { !$0.value }.keys.sorted().randomElement(using: &random)
            return .takeOver(chance(80) ? dead ?? name : name, by: anyWorker(of: model).name)
        case .takeBack: return anyClaim(of: worker, model).map { .takeBack($0, by: anyWorker(of: model).name) }
        case .buryPoison: return anyClaim(of: worker, model).map { .buryPoison($0, by: anyWorker(of: model).name) }
        case .forget: return .forget(name, by: anyWorker(of: model).name)
        case .giveBack: return .giveBack(name, isFinal: chance(60))
        case .holdUnknown: return .holdUnknown(name)
        case .pause: return .pause
        case .resume: return model.queue.isPaused || chance(10) ? .resume : nil
        case .forgetScripts: return .forgetScripts
        case .dropConnections: return .dropConnections
        case .retryDeadLetter:
            return model.queue.dead.randomElement(using: &random).map { .retryDeadLetter("\($0.job),\($0.reason)") }
        }
    }

    // MARK: - What a worker does with a claim

    /// As a rule what the job asks for.
    private mutating func work(on claim: ClaimName, _ model: HistoryModel) -> Step? {
        guard let memory = model[claim] else { return nil }
        let job = memory.job
        let isAsItShould = !chance(10)
        if job.isUnreadable { return isAsItShould ? .bury(claim, followedBy: []) : settle(claim, .succeeded, model) }
        if isAsItShould {
            if isExpired(job, on: model.queue.today) { return settle(claim, .expired, model) }
            if let first = job.firstDay, first > model.queue.today {
                return .postpone(claim, minutes: minutes(days: first - model.queue.today))
            }
            if SimulatedTask.withLine.contains(job.task), !memory.isAdmitted {
                return .admit(claim, hasRoom: chance(60))
            }
            if !memory.mayBeSent, chance(70) { return .passFence(claim) }
        }
        switch Int.random(in: 0..<100, using: &random) {
        case ..<10: return .passFence(claim)
        case ..<45: return settle(claim, .succeeded, model)
        case ..<50: return settle(claim, .acknowledgedEarly, model)
        case ..<60: return .finish(claim, followedBy: newJobs(0...2, model))
        case ..<85:
            let days = Int.random(in: 1...4, using: &random)
            // A retry that would come too late is none.
            guard !isExpired(job, on: model.queue.today + days) else { return settle(claim, .expired, model) }
            return .retry(claim, minutes: minutes(days: days))
        case ..<93: return .bury(claim, followedBy: newJobs(0...1, model))
        // Only tasks with limits have a line that somebody looks at.
        default: return SimulatedTask.withLine.contains(job.task) ? .admit(claim, hasRoom: chance(50)) : nil
        }
    }

    /// Often together with others of the worker's claims.
    private mutating func settle(_ claim: ClaimName, _ settlement: Settlement, _ model: HistoryModel) -> Step {
        let memories = model.workers.first { $0.name == claim.worker }?.claims ?? [:]
        var numbers = [claim.number]
        if chance(30) {
            for number in memories.keys.sorted() where number != claim.number && chance(25) { numbers.append(number) }
        }
        return .settle(
            claim.worker, numbers, as: settlement, wereSent: numbers.contains { memories[$0]?.mayBeSent == true })
    }

    private func isExpired(_ job: Job, on day: Int) -> Bool {
        job.expiryDay.map { $0 <= day } ?? false
    }

    /// No two are due at the same time: their order would be left open.
    private mutating func minutes(days: Int) -> Int {
        schedulings += 1
        return days * QueueModel.minutesPerDay - schedulings
    }

    // MARK: - Choices

    private mutating func chance(_ percent: Int) -> Bool {
        Int.random(in: 0..<100, using: &random) < percent
    }

    /// Rarely one that has crashed: it comes back.
    private mutating func anyWorker(of model: HistoryModel) -> SimulatedWorker {
        let mayBeGone = chance(15)
        let workers = model.workers.filter { mayBeGone || !$0.isGone }
        return workers[Int.random(in: workers.indices, using: &random)]
    }

    /// Sometimes one that is no longer the worker's own.
    private mutating func anyClaim(of worker: SimulatedWorker, _ model: HistoryModel) -> ClaimName? {
        let known = worker.claims.keys.sorted()
        let own = known.filter { model.queue.claimed[worker.name]?[$0] != nil }
        let number = (own.isEmpty || chance(12) ? known : own).randomElement(using: &random)
        return number.map { ClaimName(worker: worker.name, number: $0) }
    }

    private mutating func anyMove() -> Move {
        moves[Int.random(in: moves.indices, using: &random)]
    }

    private mutating func anyBand() -> PriorityBand {
        bands[Int.random(in: bands.indices, using: &random)]
    }

    private mutating func bandWithJobs(_ model: HistoryModel) -> PriorityBand {
        let band = PriorityBand.allCases.filter { model.queue.waiting[$0]?.isEmpty == false }
            .randomElement(using: &random)
        return band ?? anyBand()
    }

    /// As a rule.
    private mutating func busyWorker(_ model: HistoryModel) -> SimulatedWorker? {
        guard chance(85) else { return nil }
        return model.workers.filter { !$0.isGone && model.queue.claimed[$0.name]?.isEmpty == false }
            .randomElement(using: &random)
    }

    /// Sometimes so long that dead letters grow old.
    private mutating func passTime() -> Step {
        .passTime(days: Int.random(in: chance(15) ? QueueModel.deadLetterDays...12 : 1...4, using: &random))
    }

    private mutating func newJobs(_ count: ClosedRange<Int>, _ model: HistoryModel) -> [Job] {
        (0..<Int.random(in: count, using: &random)).map { _ in newJob(model) }
    }

    private mutating func newJob(_ model: HistoryModel) -> Job {
        defer { nextJobNumber += 1 }
        let task = tasks[Int.random(in: tasks.indices, using: &random)]
        var job = Job(number: nextJobNumber, task: task, band: anyBand())
        if chance(postponedPercent) { job.firstDay = model.queue.today + Int.random(in: 1...3, using: &random) }
        if chance(20) { job.expiryDay = model.queue.today + Int.random(in: 0...5, using: &random) }
        if chance(redeliveredPercent) {
            job.redeliveries = Int.random(in: 1...QueueModel.maximumRedeliveries, using: &random)
        }
        return job
    }

    private mutating func strangeJob(_ model: HistoryModel) -> Job {
        var job = newJob(model)
        if chance(60) { job = Job(number: job.number, task: .plain, band: job.band, isUnreadable: true) }
        return job
    }
}
