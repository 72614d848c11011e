/// What `--check-config` finds in a program's settings, and in the files that they name, without starting anything.
///
///     var check = ConfigurationCheck(settings)
///     let configuration = APIConfiguration(&check.reader)
///     try check.finish(program: "sms-api")
public struct ConfigurationCheck: Sendable {
    /// Reads the settings, and knows what would keep the program from starting or from doing its work.
    public var reader: SettingsReader
    /// What works, and should be looked at.
    public private(set) var advice: [String] = []

    /// Begins with the sources and the values: each declared setting of `settings` must be able to read its own.
    public init(_ settings: Settings) {
        reader = SettingsReader(settings)
        for fault in settings.faults { reader.add(fault) }
        for unknown in settings.unknownVariables {
            if unknown.isMisspelt { reader.add(ConfigurationError(unknown.description)) } else { advise("\(unknown)") }
        }
    }

    /// Adds a piece of advice.
    public mutating func advise(_ text: String) {
        advice.append(escapingControls(in: text))
    }

    /// Prints the advice, and that all is well.
    ///
    /// - Throws: ``ConfigurationError`` when it is not; ``runProgram(name:_:)`` prints it and ends the program.
    public func finish(program: String) throws(ConfigurationError) {
        for advice in advice { printNow("\(program): advice: \(advice)") }
        try reader.finish()
        printNow("\(program): the configuration is good")
    }
}
