internal import Synchronization

/// The switches that are on, one for each provider.
public final class FaultSwitches: Sendable {
    private let switches = Mutex<[Provider: FaultSwitch]>([:])
    /// So that calls cost nothing while nothing is on.
    private let isAnyOn = Atomic(false)

    /// All that are on, in the order of the providers.
    public var all: [FaultSwitch] {
        switches.withLock { switches in Provider.allCases.compactMap { switches[$0] } }
    }

    /// Switches faults on. Each takes the place of the one that its provider had; one without a provider, of all.
    public func turnOn(_ new: [FaultSwitch]) {
        change { switches in
            for one in new {
                for provider in one.provider.map({ [$0] }) ?? Provider.allCases {
                    switches[provider] = one
                    switches[provider]?.provider = provider
                }
            }
        }
    }

    /// Switches off what a provider's calls meet; nil: what all meet.
    public func turnOff(_ provider: Provider? = nil) {
        change { switches in
            if let provider { switches[provider] = nil } else { switches.removeAll() }
        }
    }

    /// What a call meets that has just arrived; nil: nothing.
    func meet(_ provider: Provider) -> FaultSwitch? {
        guard isAnyOn.load(ordering: .acquiring) else { return nil }
        return change { switches in
            guard let met = switches[provider], Double.random(in: 0..<1) < met.probability else { return nil }
            if let count = met.count {
                if count > 1 { switches[provider]?.count = count - 1 } else { switches[provider] = nil }
            }
            return met
        }
    }

    private func change<Result>(_ body: (inout [Provider: FaultSwitch]) -> sending Result) -> Result {
        switches.withLock { switches in
            let result = body(&switches)
            isAnyOn.store(!switches.isEmpty, ordering: .releasing)
            return result
        }
    }
}
