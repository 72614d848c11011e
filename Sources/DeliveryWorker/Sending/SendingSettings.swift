internal import Operations
internal import SMSProviders
internal import TaskQueue

extension SendingPolicy {
    /// The settings but for the weights, which stand beside the providers' names.
    static let settings: [SettingDescription] =
        [Setting.onUnknown.description, Setting.badNumberMemory.description]
        + ProviderName.allCases.flatMap {
            [Setting.callRate(of: $0).description, Setting.callConcurrency(of: $0).description]
        }

    /// Reads the settings.
    init(_ providers: [ProviderChoice], _ reader: inout SettingsReader) {
        self.init()
        for provider in providers {
            var share = Share()
            share.weight = provider.weight
            share.rate = reader.read(.callRate(of: provider.name))
            share.concurrency = reader.read(.callConcurrency(of: provider.name))
            shares[provider.name] = share
        }
        badNumberMemory = reader.read(.badNumberMemory)
        onUnknown = reader.read(.onUnknown)
    }
}

/// A provider that the worker is told to use.
struct ProviderChoice: Sendable, Equatable {
    var name: ProviderName
    var weight: Int?

    /// Reads a name, and a weight if there is one: `aliyun`, `yuntongxun=3`.
    init?(_ text: Substring) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(\.trimmingSpaces)
        guard let name = ProviderName(rawValue: parts[0]) else { return nil }
        self.name = name
        if parts.count == 2 {
            guard let weight = Int(parts[1]), (1...1000).contains(weight) else { return nil }
            self.weight = weight
        }
    }

    init(_ name: ProviderName) {
        self.name = name
    }
}

extension Setting where Value == [ProviderChoice] {
    /// The gateways: `--provider`, `SMS_PROVIDER`.
    static var providers: Setting {
        let names = ProviderName.allCases.map(\.rawValue).joined(separator: ", ")
        return Setting(
            "provider", flag: "--provider", default: [ProviderChoice(.yuntongxun)],
            defaultText: ProviderName.yuntongxun.rawValue,
            help: "The gateways, separated by commas, in the order in which they are tried, or by weights: "
                + "yuntongxun=3,aliyun=1. There are \(names)",
            expected: "names separated by commas, each once, of \(names), each with an optional =weight from 1 to 1000"
        ) { text in
            let parts = text.split(separator: ",", omittingEmptySubsequences: false)
            let choices = parts.compactMap { ProviderChoice($0) }
            return choices.count == parts.count && Set(choices.map(\.name)).count == parts.count ? choices : nil
        }
    }
}

extension Setting where Value == SendingPolicy.UnknownOutcome {
    /// What is done when nobody knows whether a message was sent: `--on-unknown`, `SMS_ON_UNKNOWN`.
    static var onUnknown: Setting {
        .choice(
            "on.unknown", flag: "--on-unknown", default: .resend,
            help: "When nobody knows whether a message was sent: resend (the same code again), hold (a dead letter, "
                + "for a person), query (ask the provider; where that cannot be, resend)")
    }
}

extension Setting where Value == Duration {
    /// How long refused numbers are remembered: `SMS_BAD_NUMBER_MEMORY`.
    static var badNumberMemory: Setting {
        .seconds(
            "badNumber.memory", flag: nil, in: 0...2_592_000, default: 86_400,
            help: "For how many seconds a provider is not asked again about a number that it has refused; 0: it is")
    }
}

extension Setting where Value == CallRate? {
    /// How often a provider is called: `SMS_<PROVIDER>_RATE`.
    static func callRate(of provider: ProviderName) -> Setting {
        Setting(
            "\(provider.rawValue).rate", flag: nil, default: nil, defaultText: nil,
            help: "How many calls \(provider.rawValue) gets from all workers together, such as 500/s",
            expected: "a whole number from 1 to 1000000, then /s, /m or /h"
        ) { text in
            CallRate(text).map { .some($0) }
        }
    }
}

extension Setting where Value == Int? {
    /// How many calls a provider gets at once: `SMS_<PROVIDER>_CONCURRENCY`.
    static func callConcurrency(of provider: ProviderName) -> Setting {
        Setting(
            "\(provider.rawValue).concurrency", flag: nil, default: nil, defaultText: nil,
            help: "How many calls \(provider.rawValue) gets at once from all workers together",
            expected: "a whole number from 1 to 100000"
        ) { text in
            Int(text).flatMap { (1...100_000).contains($0) ? .some($0) : nil }
        }
    }
}

extension Substring {
    fileprivate var trimmingSpaces: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
