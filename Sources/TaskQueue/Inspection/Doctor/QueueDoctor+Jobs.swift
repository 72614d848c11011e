internal import RedisClient

/// Whether each job is in one place, whole.
extension QueueDoctor {
    /// As many ids that are found several times are looked at in one examination.
    static let mostSuspects = 1000

    // MARK: - Dead letters

    /// Letters of which a part is missing.
    func letters(_ repair: Repair, progress: (Int, Int) -> Void) async throws(RedisError) -> DoctorCheck {
        var ids: Set<String> = []
        for (command, key) in [("ZSCAN", keys.dead), ("HSCAN", keys.deadMessages), ("HSCAN", keys.deadDetails)] {
            var cursor = "0"
            repeat {
                let page = try await client.send(
                    RedisCommand(command, arguments: [key, cursor, "COUNT", 200])
                ).array
                guard page.count == 2 else { break }
                cursor = try page[0].text
                for pair in try page[1].map { ids.insert(try pair.key.text) }
            } while cursor != "0"
        }
        let (missing, unlisted) = try await check(Array(ids), repair, progress)
        guard missing + unlisted > 0 else { return .ok(.letters, "\(counted(ids.count, "dead letter")), all whole") }
        var findings: [String] = []
        var repairs: [String] = []
        if missing > 0 {
            findings.append("\(counted(missing, "dead letter")) without a message")
            repairs.append("what is left of them goes")
        }
        if unlisted > 0 {
            findings.append(
                "\(counted(unlisted, "dead letter")) missing in the order of deaths, so that nobody sees them")
            repairs.append("they enter it with the present time")
        }
        return .damage(.letters, findings, repairs: repairs, isMended: repair == .always)
    }

    /// Each portion is looked at and mended in one atomic step.
    private func check(
        _ ids: [String], _ repair: Repair, _ progress: (Int, Int) -> Void
    ) async throws(RedisError) -> (missing: Int, unlisted: Int) {
        var counts = (missing: 0, unlisted: 0)
        var rest = ids[...]
        while !rest.isEmpty {
            let some = rest.prefix(200)
            let states = try await client.run(
                scripts.checkLetters, keys: [keys.dead, keys.deadMessages, keys.deadDetails],
                arguments: [repair.argument] + some.map { $0 as any RedisArgument }
            ).array
            for state in states {
                switch try state.integer {
                case 1: counts.missing += 1
                case 2: counts.unlisted += 1
                default: break
                }
            }
            rest = rest.dropFirst(200)
            progress(ids.count - rest.count, ids.count)
        }
        return counts
    }

    // MARK: - Copies

    /// Jobs in several places at once, and jobs that cannot be read.
    func copies(
        _ found: FoundKeys, _ repair: Repair, progress: (Int, Int?) -> Void
    ) async throws(RedisError) -> (copies: DoctorCheck, messages: DoctorCheck) {
        let homes = try await homes(found)
        var total = 0
        for reply in try await client.send(homes.map(\.length)) { total += (try? reply.integer) ?? 0 }
        var examined = 0
        var unreadable = 0
        // Eight bytes a job instead of its id: suspects are looked at closely anyway.
        var hashes: [Int] = []
        hashes.reserveCapacity(total)
        try await visit(homes, .ids) { home, entry in
            examined += 1
            if examined.isMultiple(of: MessageScan.pageSize) { progress(min(examined, total), total) }
            if entry.content.isEmpty {
                if home.kind != .dead { unreadable += 1 }
            } else {
                hashes.append(entry.content.hashValue)
            }
        }
        hashes.sort()
        var doubled: Set<Int> = []
        for (hash, next) in zip(hashes, hashes.dropFirst()) where hash == next { doubled.insert(hash) }

        let more = doubled.count - Self.mostSuspects
        let suspects = doubled.isEmpty ? [] : try await copies(withHashes: doubled, homes)
        var findings: [String] = []
        var repairs: [String] = []
        for copies in suspects {
            guard try await isDamage(copies, repair) else { continue }
            let places = copies.map { "\($0.home.kind.rawValue)\($0.times > 1 ? " more than once" : "")" }
            findings.append("\(copies[0].id) is in several places: \(places.joined(separator: ", "))")
            repairs.append("\(copies[0].id) stays \(copies[0].home.kind.rawValue), the rest goes")
        }
        var copies: DoctorCheck =
            findings.isEmpty
            ? .ok(.copies, "\(counted(examined, "job")), each in one place")
            : .damage(.copies, findings, repairs: repairs, isMended: repair == .always)
        if more > 0 {
            // Where nothing was amiss with those, the rest may only have moved, too.
            copies.state = findings.isEmpty ? .warning : .problem
            copies.isMendable = true
            copies.findings.append(
                "more than \(Self.mostSuspects) ids were met several times: \(more) of them have not been looked at")
            copies.remedy = "sms-queue doctor --repair, again until none is left"
        }
        let messages: DoctorCheck =
            unreadable == 0
            ? .ok(.messages, "no job without an id waits")
            : DoctorCheck(
                .messages, .note,
                ["\(counted(unreadable, "job")) that nobody can read: dead letters when their turn comes"])
        return (copies, messages)
    }

    private func homes(_ found: FoundKeys) async throws(RedisError) -> [MessageHome] {
        let known = try await keys.homes(client)
        let orphans = found.workers.subtracting(known.compactMap(\.worker)).sorted()
        let homes = orphans.isEmpty ? known : try await keys.homes(client, orphans: orphans)
        return homes.filter { (found.types[$0.key] ?? $0.type) == $0.type }
    }

    private func visit(
        _ homes: [MessageHome], _ wanted: MessageScan.Wanted,
        _ body: (MessageHome, MessageScan.Entry) throws(RedisError) -> Void
    ) async throws(RedisError) {
        for home in homes {
            var scan = MessageScan(home, wanted, client: client, scripts: scripts)
            // A list that grows while it is read shows some of its messages again.
            while let page = try await scan.next() {
                for entry in page { try body(home, entry) }
            }
        }
    }

    /// A message where it lies.
    private struct Copy: Hashable {
        let id: String
        let home: MessageHome
        let field: String
        let message: [UInt8]
        var times = 1
    }

    /// What lies in several places of the jobs with these hashes of their ids, the copy that is to stay first.
    private func copies(
        withHashes hashes: Set<Int>, _ homes: [MessageHome]
    ) async throws(RedisError) -> [[Copy]] {
        var ids: Set<[UInt8]> = []
        try await visit(homes, .ids) { _, entry in
            if ids.count < Self.mostSuspects, hashes.contains(entry.content.hashValue) { ids.insert(entry.content) }
        }
        var suspects = ids.map { String(decoding: $0, as: UTF8.self) }
        var copies: [String: [Copy]] = [:]
        // Two looks: what was met twice since it moved while it was looked for is hardly so twice.
        for _ in 0..<2 where !suspects.isEmpty {
            copies = [:]
            try await visit(homes, .withID(suspects)) { home, entry in
                guard let id = TaskMessage.id(of: entry.content) else { return }
                let copy = Copy(
                    id: id, home: home, field: home.type == "hash" ? entry.place : "", message: entry.content)
                copies[id, default: []].append(copy)
            }
            copies = copies.mapValues(merged).filter { $0.value.count > 1 || $0.value.contains { $0.times > 1 } }
            suspects = Array(copies.keys)
        }
        return copies.sorted { $0.key < $1.key }.map(\.value)
    }

    /// The same bytes in the same place count as one copy that lies there several times, if they are in a list.
    private func merged(_ copies: [Copy]) -> [Copy] {
        var merged: [Copy] = []
        for copy in copies {
            if let index = merged.firstIndex(where: {
                $0.home == copy.home && $0.field == copy.field && $0.message == copy.message
            }) {
                // Met twice, it may also have moved while the list was read: the atomic step tells.
                if copy.home.type == "list" { merged[index].times = 2 }
            } else {
                merged.append(copy)
            }
        }
        return merged.sorted { $0.home.precedence < $1.home.precedence }
    }

    /// Whether all these copies are there at the same moment. If they are to be mended, all but the first are gone then.
    private func isDamage(_ copies: [Copy], _ repair: Repair) async throws(RedisError) -> Bool {
        var arguments: [any RedisArgument] = [repair.argument]
        for copy in copies {
            arguments += [copy.home.type, copy.field, copy.times, copy.message] as [any RedisArgument]
        }
        let answer = try await client.run(scripts.copies, keys: copies.map(\.home.key), arguments: arguments)
        guard try answer.integer == 1 else { return false }
        // Of a dead letter that went, its place in the order of deaths and its details go too.
        if repair == .always {
            let letters = copies.dropFirst().filter { $0.home.kind == .dead }.map(\.field)
            if !letters.isEmpty { _ = try await check(letters, .always) { _, _ in } }
        }
        return true
    }
}

extension MessageHome {
    /// Which of several copies stays: the one in the hands of a worker that lives, else the one that runs soonest.
    fileprivate var precedence: Int {
        switch kind {
        case .claimed, .arriving: isWorkerAlive ? 0 : 5
        case .waiting: 1
        case .limited: 2
        case .scheduled: 3
        case .dead: 4
        }
    }
}
