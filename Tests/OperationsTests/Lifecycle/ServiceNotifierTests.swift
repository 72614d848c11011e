import Foundation
import Operations
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(5))) struct ServiceNotifierTests {
    @Test func sendsOneDatagramEach() async throws {
        let folder = try TemporaryFolder()
        for address in ["\(folder.path)/notify", "@sms-queue-\(UUID().uuidString)"] {
            let socket = try NotifySocket(address)
            let notifier = ServiceNotifier(environment: ["NOTIFY_SOCKET": address])
            notifier.ready()
            notifier.status("3 jobs\nREADY=1")
            notifier.watchdog()
            notifier.stopping()
            #expect(await socket.receive() == "READY=1")
            #expect(await socket.receive() == #"STATUS=3 jobs\nREADY=1"#)
            #expect(await socket.receive() == "WATCHDOG=1")
            #expect(await socket.receive() == "STOPPING=1")
        }
    }

    @Test func aReloadTellsItsTime() async throws {
        let folder = try TemporaryFolder()
        let socket = try NotifySocket("\(folder.path)/notify")
        func monotonic() -> Int {
            var time = timespec()
            clock_gettime(CLOCK_MONOTONIC, &time)
            return time.tv_sec * 1_000_000 + time.tv_nsec / 1000
        }
        let before = monotonic()
        ServiceNotifier(environment: ["NOTIFY_SOCKET": socket.address]).reloading()
        let after = monotonic()
        let lines = try #require(await socket.receive()).split(separator: "\n")
        #expect(lines.first == "RELOADING=1")
        let time = try #require(lines.last?.split(separator: "=").last.flatMap { Int($0) })
        #expect(lines.last?.hasPrefix("MONOTONIC_USEC=") == true && lines.count == 2)
        #expect((before...after).contains(time))
    }

    @Test(arguments: [nil, "", "/nowhere/notify", "/" + String(repeating: "a", count: 200)])
    func nobodyListensAndNothingHappens(address: String?) {
        var environment: [String: String] = [:]
        environment["NOTIFY_SOCKET"] = address
        ServiceNotifier(environment: environment).ready()
        #expect(environment["NOTIFY_SOCKET"] == address)
    }

    @Test(
        arguments: [
            (["WATCHDOG_USEC": "30000000"], Duration.seconds(30)),
            (["WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "\(getpid())"], .seconds(30)),
            (["WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "1"], nil), (["WATCHDOG_USEC": "0"], nil),
            (["WATCHDOG_USEC": "soon"], nil), ([:], nil),
        ] as [([String: String], Duration?)])
    func theWatchdogsPeriodIsThatOfThisProcess(environment: [String: String], period: Duration?) {
        let notifier = ServiceNotifier(environment: environment.merging(["NOTIFY_SOCKET": "/nowhere/notify"]) { $1 })
        #expect(notifier.watchdogPeriod == period)
    }
}
