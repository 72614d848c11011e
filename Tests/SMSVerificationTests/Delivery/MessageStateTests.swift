import SMSVerification
import TestSupport
import Testing

/// Whatever is told in whatever order and however often: a state rises, and ends at the highest that was told.
@Suite(.timeLimit(.minutes(5))) struct MessageStateTests {
    /// What can be told of one message.
    private enum Event: CaseIterable {
        case noAnswer
        case acceptance
        case reportOnItsWay
        case reportFailed
        case reportDelivered
        case reportDeliveredByJob

        func tell(_ system: DeliverySystem, _ job: String) async throws {
            switch self {
            case .noAnswer: try await system.attempt(job, .unknown)
            case .acceptance: try await system.attempt(job, .accepted, reference: "biz-\(job)")
            case .reportOnItsWay: try await system.report(.accepted, reference: "biz-\(job)")
            case .reportFailed: try await system.report(.failed, reference: "biz-\(job)")
            case .reportDelivered: try await system.report(.delivered, reference: "biz-\(job)")
            case .reportDeliveredByJob: try await system.report(.delivered, job: job)
            }
        }

        var state: MessageState {
            switch self {
            case .noAnswer: .unknown
            case .acceptance, .reportOnItsWay: .accepted
            case .reportFailed: .failed
            case .reportDelivered, .reportDeliveredByJob: .delivered
            }
        }
    }

    private static func permutations(of events: [Event]) -> [[Event]] {
        guard events.count > 1 else { return [events] }
        return events.indices.flatMap { index in
            var rest = events
            let first = rest.remove(at: index)
            return permutations(of: rest).map { [first] + $0 }
        }
    }

    /// Tells all of it, and checks at each step that nothing is taken back.
    private func tell(_ events: [Event], of job: String, _ system: DeliverySystem) async throws {
        var last: MessageState?
        for event in events {
            try await event.tell(system, job)
            let state = try await system.state(job)
            if let last { #expect(try #require(state) >= last, "\(events)") }
            last = state
        }
        #expect(last == events.map(\.state).max(), "\(events)")
    }

    @Test func ofEveryOrderOfEverySelectionTheHighestStateIsTheLast() async throws {
        try await DeliverySystem.run { system in
            var number = 0
            for selection in 0..<(1 << Event.allCases.count) {
                let events = Event.allCases.indices.filter { selection >> $0 & 1 == 1 }.map { Event.allCases[$0] }
                // Of a message that no worker has called a gateway for nothing is known.
                guard events.contains(.acceptance), events.count <= 5 else { continue }
                for order in Self.permutations(of: events) {
                    number += 1
                    try await tell(order, of: "job-\(number)", system)
                }
            }
            #expect(number > 500)
        }
    }

    @Test func repetitionsChangeNothing() async throws {
        var generator = SeededGenerator(seed: 7)
        try await DeliverySystem.run { system in
            for number in 0..<200 {
                let events = (0..<20).map { _ in Event.allCases.randomElement(using: &generator) ?? .acceptance }
                try await tell(events + [.acceptance], of: "job-\(number)", system)
            }
        }
    }

    @Test func eachReportIsCountedOnce() async throws {
        try await DeliverySystem.run { system in
            for _ in 0..<3 {
                for order in Self.permutations(of: [.acceptance, .reportFailed, .reportDelivered]) {
                    for event in order + order { try await event.tell(system, "job") }
                }
            }
            let counted = try await system.counted()
            #expect(counted["delivered"] == 1)
            #expect(counted["failed"] == 0)
        }
    }
}
