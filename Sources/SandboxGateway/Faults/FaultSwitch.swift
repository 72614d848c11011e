internal import FoundationEssentials

/// A fault that calls of a provider meet, or a time that they take, until it is switched off.
///
/// In JSON: `{"provider": "twilio", "fault": "hang", "latency_ms": 200, "probability": 0.5, "count": 3}`.
public struct FaultSwitch: Sendable, Equatable {
    /// Whose calls; nil: everybody's.
    public var provider: Provider?
    /// What they meet; nil: they only take longer.
    public var fault: SandboxFault?
    /// How many milliseconds the answer is held back.
    public var latency: Int
    /// The share of calls that meet it, 0 to 1.
    public var probability: Double
    /// How many more calls meet it; nil: all.
    public var count: Int?
    /// The HTTP status of ``SandboxFault/httpError``.
    public var status: Int

    /// Makes a switch; all calls meet it unless told otherwise.
    public init(
        _ fault: SandboxFault?, of provider: Provider? = nil, latency: Int = 0, probability: Double = 1,
        count: Int? = nil,
        status: Int = 500
    ) {
        self.provider = provider
        self.fault = fault
        self.latency = latency
        self.probability = probability
        self.count = count
        self.status = status
    }
}

/// A switch that cannot be read. The description says what is wrong and how to write it.
public struct FaultSwitchError: Error, CustomStringConvertible, Sendable {
    /// One line for whoever wrote it.
    public let description: String
}

extension FaultSwitch {
    /// Reads one switch, or a list of them.
    ///
    /// - Throws: ``FaultSwitchError``.
    public static func read(json: some Sequence<UInt8>) throws(FaultSwitchError) -> [FaultSwitch] {
        let data = Data(json)
        let isList = data.first { !$0.isBlank } == UInt8(ascii: "[")
        do {
            return isList
                ? try JSONDecoder().decode([FaultSwitch].self, from: data)
                : [try JSONDecoder().decode(FaultSwitch.self, from: data)]
        } catch let error as FaultSwitchError {
            throw error
        } catch {
            throw FaultSwitchError(
                description: #"this is no switch: write it like {"provider": "twilio", "fault": "hang", "count": 3}"#)
        }
    }
}

extension FaultSwitch: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case provider, fault, probability, count, status
        case latency = "latency_ms"
    }

    /// Any name, so that one that is not known is noticed.
    private struct Name: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    /// Reads a switch.
    ///
    /// - Throws: ``FaultSwitchError`` for a name or a value that means nothing.
    public init(from decoder: any Decoder) throws {
        let names = try decoder.container(keyedBy: Name.self).allKeys.map(\.stringValue)
        let known = CodingKeys.allCases.map(\.rawValue)
        if let unknown = names.sorted().first(where: { !known.contains($0) }) {
            throw FaultSwitchError(
                description: "\"\(unknown)\" is no part of a switch: \(known.joined(separator: ", "))")
        }
        let values = try decoder.container(keyedBy: CodingKeys.self)
        func value<Value: Decodable>(_ key: CodingKeys, _ expected: String) throws -> Value? {
            do {
                return try values.decodeIfPresent(Value.self, forKey: key)
            } catch {
                throw FaultSwitchError(description: "\(key.rawValue) must be \(expected)")
            }
        }
        func number(_ key: CodingKeys, in range: ClosedRange<Int>) throws -> Int? {
            let expected = "a whole number from \(range.lowerBound) to \(range.upperBound)"
            let number: Int? = try value(key, expected)
            guard number.map(range.contains) ?? true else {
                throw FaultSwitchError(description: "\(key.rawValue) must be \(expected)")
            }
            return number
        }
        let providers = Provider.allCases.map(\.rawValue).joined(separator: ", ")
        let faults = SandboxFault.allCases.map(\.rawValue).joined(separator: ", ")
        self.init(
            try value(.fault, "one of \(faults)"), of: try value(.provider, "one of \(providers)"),
            latency: try number(.latency, in: 0...120_000) ?? 0,
            probability: try value(.probability, "a number from 0 to 1") ?? 1,
            count: try number(.count, in: 1...1_000_000_000),
            status: try number(.status, in: 400...599) ?? 500)
        guard (0...1).contains(probability) else {
            throw FaultSwitchError(description: "probability must be a number from 0 to 1")
        }
        guard fault != nil || latency > 0 else {
            throw FaultSwitchError(description: "a switch needs a fault, one of \(faults), or latency_ms")
        }
    }

    /// Writes a switch; what has no effect is left out.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encodeIfPresent(provider, forKey: .provider)
        try values.encodeIfPresent(fault, forKey: .fault)
        if latency > 0 { try values.encode(latency, forKey: .latency) }
        try values.encode(probability, forKey: .probability)
        try values.encodeIfPresent(count, forKey: .count)
        if fault == .httpError { try values.encode(status, forKey: .status) }
    }
}

extension UInt8 {
    fileprivate var isBlank: Bool {
        [UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r")].contains(self)
    }
}
