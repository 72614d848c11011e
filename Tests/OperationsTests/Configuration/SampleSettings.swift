import Operations

enum Acknowledgement: String, CaseIterable {
    case late
    case early
}

/// One setting of each kind, under keys of the real system.
enum Sample {
    static let concurrency = Setting.integer(
        "concurrency", flag: "--concurrency", in: 1...1_000, default: 64, help: "How many jobs run at once")
    static let port = Setting.port("api.port", flag: "--port", default: 8080, help: "The port to listen on")
    static let acknowledgement = Setting.choice(
        "ack", flag: "--ack", default: Acknowledgement.late, help: "When a job is acknowledged")
    static let account = Setting.optionalString("yuntongxun.accountSID", flag: nil, help: "The account")
    static let template = Setting.string("yuntongxun.templateID", flag: nil, default: "1", help: "The template")
    static let token = Setting.secret("yuntongxun.authToken", help: "The token of the account")
    static let results = Setting.optionalURL(
        "result.backend", flag: "--result-backend", schemes: ["redis"], help: "Where results go")
    static let grace = Setting.seconds("grace", flag: "--grace", in: 0...60, default: 25, help: "Time to finish")

    static let declared = [
        concurrency.description, port.description, acknowledgement.description, account.description,
        template.description, token.description, results.description, grace.description,
        Setting.broker.description, Setting.operationsPort(default: 9181).description,
    ]

    static func settings(flags: [GivenFlag?] = [], environment: [String: String] = [:]) throws -> Settings {
        try Settings(declared: declared, flags: flags, environment: environment)
    }
}
