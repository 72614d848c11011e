import Foundation
import Operations
import Testing

@Suite(.timeLimit(.minutes(5))) struct ServiceNotifierTests {
    @Test func sendsOneDatagramEach() async throws {
        let folder = try TemporaryFolder()
        for address in ["\(folder.path)/notify", "@sms-queue-\(UUID().uuidString)"] {
            let socket = try NotifySocket(address)
            let notifier = ServiceNotifier(environment: ["NOTIFY_SOCKET": address])
            notifier.ready()
            notifier.status("3 jobs\nREADY=1")
            notifier.stopping()
            #expect(await socket.receive() == "READY=1")
            #expect(await socket.receive() == #"STATUS=3 jobs\nREADY=1"#)
            #expect(await socket.receive() == "STOPPING=1")
        }
    }

    @Test(arguments: [nil, "", "/nowhere/notify", "/" + String(repeating: "a", count: 200)])
    func nobodyListensAndNothingHappens(address: String?) {
        var environment: [String: String] = [:]
        environment["NOTIFY_SOCKET"] = address
        ServiceNotifier(environment: environment).ready()
        #expect(environment["NOTIFY_SOCKET"] == address)
    }
}
