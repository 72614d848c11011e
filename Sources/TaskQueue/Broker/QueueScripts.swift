internal import RedisClient

/// The steps that run inside Redis. Their text is in `Scripts/*.lua`.
///
/// All but one may run when Redis is at `maxmemory`: most of them free memory, and a queue that cannot be drained
/// because it is full would stay full. The one adds messages, and is refused then as any producer is.
///
/// Those that only read say so: Redis answers them also while it takes no writes, as after a snapshot that failed.
struct QueueScripts: Sendable {
    let claim = Self.script("claim", PackageResources.claim_lua)
    let renew = Self.script("renew", PackageResources.renew_lua)
    let fence = Self.script("fence", PackageResources.fence_lua)
    let admit = Self.script("admit", PackageResources.admit_lua)
    let returnStart = Self.script("return_start", PackageResources.return_start_lua)
    let settle = Self.script("settle", PackageResources.settle_lua)
    let finish = Self.script("finish", PackageResources.finish_lua)
    let schedule = Self.script("schedule", PackageResources.schedule_lua)
    let promote = Self.script("promote", PackageResources.promote_lua)
    let bury = Self.script("bury", PackageResources.bury_lua)
    let giveBack = Self.script("give_back", PackageResources.give_back_lua)
    let returnArriving = Self.script("return_arriving", PackageResources.return_arriving_lua)
    let overdue = Self.script("overdue", PackageResources.overdue_lua)
    let takeBack = Self.script("take_back", PackageResources.take_back_lua)
    let forget = Self.script("forget", PackageResources.forget_lua)
    let revive = Self.script("revive", PackageResources.revive_lua)
    let lead = Self.script("lead", PackageResources.lead_lua)
    let resign = Self.script("resign", PackageResources.resign_lua)
    let fire = Self.script("fire", PackageResources.fire_lua, mayRunWhenFull: false)
    let deadPage = Self.script("dead_page", PackageResources.dead_page_lua, isReadOnly: true)
    let takeStarts = Self.script("take_starts", PackageResources.take_starts_lua)
    let share = Self.script("share", PackageResources.share_lua)
    let discard = Self.script("discard", PackageResources.discard_lua)
    let statistics = Self.script("statistics", PackageResources.statistics_lua, isReadOnly: true)
    let scan = Self.script("scan", PackageResources.scan_lua, isReadOnly: true)
    let cancel = Self.script("cancel", PackageResources.cancel_lua)
    let purge = Self.script("purge", PackageResources.purge_lua)
    let copies = Self.script("copies", PackageResources.copies_lua)
    let checkLetters = Self.script("check_letters", PackageResources.check_letters_lua)
    let checkClaims = Self.script("check_claims", PackageResources.check_claims_lua)
    let rescue = Self.script("rescue", PackageResources.rescue_lua)
    let record = Self.script("record", PackageResources.record_lua)
    let audit = Self.script("audit", PackageResources.audit_lua)

    /// Those that workers and people run against a queue.
    var all: [RedisScript] {
        [
            claim, renew, fence, admit, returnStart, settle, finish, schedule, promote, bury, giveBack, returnArriving,
            overdue, takeBack, forget, revive, lead, resign, fire, deadPage, discard, statistics, scan, cancel, purge,
            copies, checkLetters, checkClaims, rescue, record, audit, takeStarts, share,
        ]
    }

    static func script(_ name: String, _ source: [UInt8], mayRunWhenFull: Bool = true, isReadOnly: Bool = false)
        -> RedisScript
    {
        let flags = (isReadOnly ? ["no-writes"] : []) + (mayRunWhenFull ? ["allow-oom"] : [])
        let header = flags.isEmpty ? "#!lua\n" : "#!lua flags=\(flags.joined(separator: ","))\n"
        return RedisScript(name: name, source: Array(header.utf8) + PackageResources.lists_lua + source)
    }
}
