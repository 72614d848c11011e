/// Every key of the system's programs, so that one configuration file can serve them all: a program accepts the keys of
/// its siblings and refuses what none of them knows.
///
/// A new setting of any program is added here.
enum SystemKeys {
    static let all = [
        "ack",
        "api.host",
        "api.inboxURL",
        "api.port",
        "broker.url",
        "concurrency",
        "log.format",
        "log.level",
        "operations.host",
        "operations.port",
        "provider",
        "queue",
        "sandbox.host",
        "sandbox.magicNumbers",
        "sandbox.numberInterval",
        "sandbox.port",
        "store.url",
        "worker.name",
        "yuntongxun.accountSID",
        "yuntongxun.appID",
        "yuntongxun.authToken",
        "yuntongxun.baseURL",
        "yuntongxun.templateID",
    ]
}
