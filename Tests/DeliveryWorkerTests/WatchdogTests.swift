import Foundation
import Logging
import Operations
import RedisClient
import SMSProviders
import SandboxGateway
import ServiceLifecycle
import TaskQueue
import TestSupport
import Testing

@testable import DeliveryWorker

/// The whole worker under systemd's watchdog, on a socket that the test owns.
@Suite(.timeLimit(.minutes(5))) struct WatchdogTests {
    private struct Running: Service {
        let runner: ServiceRunner
        let service: DeliveryService

        func run() async throws {
            try await runner.run([service], operations: nil) { try await service.worker.waitUntilConsuming() }
        }
    }

    @Test(arguments: [TaskQueue.FaultSwitch.Loop.fetch, .arrivals, .promotion])
    func aLoopThatStandsStillStarvesIt(loop: TaskQueue.FaultSwitch.Loop) async throws {
        let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        let broker = try await RedisServer.start()
        var worker = WorkerConfiguration(
            broker: RedisConfiguration(url: try RedisURL(broker.url(database: 3))), name: "test@here")
        worker.longestTurn = .seconds(5)
        let service = DeliveryService(
            DeliveryConfiguration(
                worker: worker, providers: [.yuntongxun(SandboxAccount.demo.yuntongxun(at: "http://127.0.0.1:9"))]),
            logger: logger)
        let socket = try NotifySocket("@sms-queue-\(UUID().uuidString)")
        var runner = ServiceRunner(
            logger: logger, readiness: Readiness(),
            notifier: ServiceNotifier(environment: ["NOTIFY_SOCKET": socket.address, "WATCHDOG_USEC": "1000000"]))
        service.addLivenessChecks(to: runner.liveness)
        runner.status = { await service.status() }
        let group = ServiceGroup(services: [Running(runner: runner, service: service)], logger: logger)
        async let ended: Void = group.run()
        #expect(await socket.receive(within: .seconds(30)) == "READY=1")
        #expect(await isFed(socket))
        service.worker.faults.freeze(loop)
        // It is fed for as long as a turn may take, and then no more.
        while await isFed(socket) {}
        service.worker.faults.thaw()
        try await eventually("it is fed again") { await isFed(socket) }
        await group.triggerGracefulShutdown()
        while let text = await socket.receive(), text != "STOPPING=1" {}
        try await ended
    }

    /// Whether the watchdog hears something within a few of its periods.
    private func isFed(_ socket: NotifySocket) async -> Bool {
        while let text = await socket.receive(within: .seconds(4)) {
            if text == "WATCHDOG=1" { return true }
        }
        return false
    }
}
