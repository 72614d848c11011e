internal import RedisClient

/// The steps that run inside Redis. Their text is in `Scripts/*.lua`.
///
/// All may run when Redis is at `maxmemory`: most of them free memory, and a queue that cannot be drained because it is
/// full would stay full.
struct QueueScripts: Sendable {
    let claim = Self.script("claim", PackageResources.claim_lua)
    let renew = Self.script("renew", PackageResources.renew_lua)
    let fence = Self.script("fence", PackageResources.fence_lua)
    let admit = Self.script("admit", PackageResources.admit_lua)
    let settle = Self.script("settle", PackageResources.settle_lua)
    let finish = Self.script("finish", PackageResources.finish_lua)
    let schedule = Self.script("schedule", PackageResources.schedule_lua)
    let promote = Self.script("promote", PackageResources.promote_lua)
    let bury = Self.script("bury", PackageResources.bury_lua)
    let giveBack = Self.script("give_back", PackageResources.give_back_lua)
    let overdue = Self.script("overdue", PackageResources.overdue_lua)
    let takeBack = Self.script("take_back", PackageResources.take_back_lua)
    let forget = Self.script("forget", PackageResources.forget_lua)
    let revive = Self.script("revive", PackageResources.revive_lua)

    static func script(_ name: String, _ source: [UInt8]) -> RedisScript {
        let header = Array("#!lua flags=allow-oom\n".utf8)
        return RedisScript(name: name, source: header + PackageResources.lists_lua + source)
    }
}
