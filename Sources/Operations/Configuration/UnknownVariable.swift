/// An environment variable that begins with `SMS_`, as the product's do, and that no program of the product reads.
public struct UnknownVariable: Sendable, CustomStringConvertible {
    /// As it stands in the environment.
    let name: String
    /// The known one that is spelt most like it.
    let nearest: String?
    /// Whether it is so like the known one that somebody has surely meant that.
    let isMisspelt: Bool

    /// One line for a person.
    public var description: String {
        isMisspelt ? "\(name) is no setting; did you mean \(nearest ?? "")?" : "\(name) is no setting: nobody reads it"
    }

    /// So many letters may be wrong in a name that is still taken for a known one: two, which two that changed places are.
    private static let mostMistakes = 2
    /// Read by the product's scripts, and by builds and tests.
    private static let ofScripts: Set = [
        "SMS_API_OPERATIONS_PORT", "SMS_BENCHMARKS", "SMS_BIN_DIR", "SMS_DATA", "SMS_FUZZING", "SMS_ONLY",
        "SMS_REDIS_PORT", "SMS_WORKER_OPERATIONS_PORT",
    ]

    /// Those in `environment`, in the order of the alphabet.
    ///
    /// - Parameter declared: what this program reads. Of these only secrets come from files that a variable names.
    static func all(in environment: [String: String], declared: [SettingDescription]) -> [UnknownVariable] {
        let own = declared.flatMap { $0.isSecret ? [$0.variable, $0.fileVariable] : [$0.variable] }
        let others = Set(SystemKeys.all).subtracting(declared.map(\.key)).map { SettingDescription.variable(of: $0) }
        let known = ofScripts.union(own).union(others).union(others.map { "\($0)_FILE" })
        return environment.keys.filter { $0.hasPrefix("SMS_") && !known.contains($0) }.sorted().map { name in
            let nearest = nearestSpelling(to: name, among: known)
            let mistakes = nearest.map { spellingDistance(name, $0) } ?? .max
            return UnknownVariable(name: name, nearest: nearest, isMisspelt: mistakes <= mostMistakes)
        }
    }
}
