/// What `--check-config` finds in a program's settings, and in the files that they name, without starting anything.
///
///     var check = ConfigurationCheck(settings)
///     check.step { try APIConfiguration(settings) }
///     try check.finish(program: "sms-api")
public struct ConfigurationCheck: Sendable {
    /// What would keep the program from starting or from doing its work, each once, in the order of finding.
    public private(set) var faults: [ConfigurationError]
    /// What works, and should be looked at.
    public private(set) var advice: [String] = []

    /// Begins with the values: each declared setting of `settings` must be able to read its own.
    public init(_ settings: Settings) {
        faults = settings.faults
    }

    /// Carries out a step of reading the configuration; what it throws is a fault.
    @discardableResult
    public mutating func step<Value>(_ body: () throws -> Value) -> Value? {
        do {
            return try body()
        } catch {
            add(error as? ConfigurationError ?? ConfigurationError("\(error)"))
            return nil
        }
    }

    /// Adds a fault, unless it is known.
    public mutating func add(_ fault: ConfigurationError) {
        if !faults.contains(fault) { faults.append(fault) }
    }

    /// Adds a piece of advice.
    public mutating func advise(_ text: String) {
        advice.append(escapingControls(in: text))
    }

    /// Prints the advice, and that all is well.
    ///
    /// - Throws: ``ConfigurationFaults`` when it is not; ``runProgram(name:_:)`` prints them and ends the program.
    public func finish(program: String) throws(ConfigurationFaults) {
        for advice in advice { printNow("\(program): advice: \(advice)") }
        guard faults.isEmpty else { throw ConfigurationFaults(faults: faults) }
        printNow("\(program): the configuration is good")
    }
}

/// All that is wrong with a configuration, for a program that prints a line for each.
public struct ConfigurationFaults: Error, Sendable, CustomStringConvertible {
    /// At least one.
    public var faults: [ConfigurationError]

    public var description: String { faults.map(\.description).joined(separator: "\n") }
}
