internal import RedisClient

/// Looks for messages in all places of a queue.
struct TaskSearch {
    /// What is looked for.
    enum Target: Sendable {
        /// The task of that id.
        case id(String)
        /// Tasks one of whose arguments is one of these texts.
        case argument([String])
        /// Tasks of that name.
        case task(String)

        /// Texts one of which such a message contains.
        fileprivate var texts: [String] {
            switch self {
            case .id(let text), .task(let text): [text.plainestPart]
            // What is encoded has to be looked into here.
            case .argument(let texts): texts.map(\.plainestPart) + ["base64"]
            }
        }

        func fits(_ raw: [UInt8]) -> Bool {
            switch self {
            case .id(let id): return TaskMessage.id(of: raw) == id
            case .task(let name): return (try? TaskMessage(raw))?.task == name
            case .argument(let texts):
                guard let message = try? TaskMessage(raw) else { return false }
                let values = message.arguments.elements + message.namedArguments.members.map(\.value)
                return values.contains { value in
                    texts.contains(value.string ?? String(decoding: value.bytes, as: UTF8.self))
                }
            }
        }
    }

    struct Found: Sendable {
        let home: MessageHome
        let place: String
        let raw: [UInt8]
    }

    let client: RedisClient
    let keys: QueueKeys
    let scripts: QueueScripts

    /// How many fit.
    func count(
        _ target: Target, kinds: Set<TaskPlace.Kind>, progress: (Int, Int) -> Void
    ) async throws(RedisError) -> Int {
        var (count, examined) = (0, 0)
        for home in try await keys.homes(client, orphans: []) where kinds.contains(home.kind) {
            var scan = MessageScan(home, .containing(target.texts), client: client, scripts: scripts)
            while let page = try await scan.next() {
                count += page.count { target.fits($0.content) }
                progress(examined + scan.examined, examined + scan.examined)
            }
            examined += scan.examined
        }
        return count
    }

    /// All that fit, or the first one. Those in the hands of workers come first, since they are found soonest.
    ///
    /// - Parameter includesOrphans: Also what is held by workers that are not among those of the queue. All keys of the
    ///   database are looked at for it.
    func find(
        _ target: Target, onlyOne: Bool, includesOrphans: Bool = false,
        kinds: Set<TaskPlace.Kind> = Set(TaskPlace.Kind.allCases),
        progress: (Int, Int) -> Void
    ) async throws(RedisError) -> [Found] {
        let orphans = includesOrphans ? try await keys.holders(client) : []
        var homes = try await keys.homes(client, orphans: orphans).filter { kinds.contains($0.kind) }
        homes =
            homes.filter { $0.worker != nil } + homes.filter { $0.worker == nil && $0.kind != .waiting }
            + homes.filter { $0.kind == .waiting }
        var total = 0
        for reply in try await client.send(homes.map(\.length)) { total += (try? reply.integer) ?? 0 }

        var examined = 0
        var found: [Found] = []
        var seen: Set<[UInt8]> = []
        for home in homes {
            var scan = MessageScan(home, .containing(target.texts), client: client, scripts: scripts)
            while let page = try await scan.next() {
                for entry in page where target.fits(entry.content) {
                    // Pages may overlap while messages move on.
                    guard seen.insert(entry.content).inserted else { continue }
                    found.append(Found(home: home, place: entry.place, raw: entry.content))
                    if onlyOne { return found }
                }
                progress(min(examined + scan.examined, total), total)
            }
            examined += scan.examined
        }
        return found
    }
}

extension String {
    /// The longest part that every JSON writer leaves as it is.
    var plainestPart: String {
        let parts = split { character in
            guard let byte = character.asciiValue else { return true }
            return byte < 0x20 || "\"\\/<>&'+".utf8.contains(byte)
        }
        return parts.max { $0.utf8.count < $1.utf8.count }.map(String.init) ?? ""
    }
}
