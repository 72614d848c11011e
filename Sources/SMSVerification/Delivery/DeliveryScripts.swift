internal import RedisClient

/// The scripts that say what became of a message. The order of the states is part of their source.
enum DeliveryScripts {
    static let attempt = script("attempt", PackageResources.attempt_lua)
    static let report = script("report", PackageResources.report_lua)
    static let ended = script("ended", PackageResources.ended_lua)
    static let confirm = script("confirm", PackageResources.confirm_lua)

    private static func script(_ name: String, _ source: [UInt8]) -> RedisScript {
        let ranks = MessageState.allCases.map { "\($0.rawValue) = \($0.rank)" }.joined(separator: ", ")
        return RedisScript(
            name: name, source: Array("local RANK = {\(ranks)}\n".utf8) + PackageResources.deliveries_lua + source)
    }
}
