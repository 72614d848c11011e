extension Setting where Value == String {
    /// A text that is not empty.
    public static func string(_ key: String, flag: String?, default: String, help: String) -> Setting {
        Setting(key, flag: flag, default: `default`, defaultText: `default`, help: help, expected: "a text") {
            $0.isEmpty ? nil : $0
        }
    }

    /// A URL with one of `schemes`. Errors show it without its password.
    ///
    /// Only scheme and form are checked here; whoever connects to it knows the rest of its grammar.
    public static func url(_ key: String, flag: String?, schemes: [String], default: String, help: String) -> Setting {
        Setting(
            key, flag: flag, default: `default`, defaultText: `default`, help: help,
            expected: "a URL that begins with \(alternatives(schemes.map { "\($0)://" }))", redact: redactedURL
        ) { isURL($0, schemes: schemes) ? $0 : nil }
    }
}

extension Setting where Value == String? {
    /// A text without a default: nil when nobody gives one.
    public static func optionalString(_ key: String, flag: String?, help: String) -> Setting {
        Setting(key, flag: flag, default: nil, defaultText: nil, help: help, expected: "a text") {
            $0.isEmpty ? nil : .some($0)
        }
    }

    /// A URL with one of `schemes`, without a default. Errors show it without its password.
    public static func optionalURL(_ key: String, flag: String?, schemes: [String], help: String) -> Setting {
        Setting(
            key, flag: flag, default: nil, defaultText: nil, help: help,
            expected: "a URL that begins with \(alternatives(schemes.map { "\($0)://" }))", redact: redactedURL
        ) { isURL($0, schemes: schemes) ? .some($0) : nil }
    }

    /// A password, token or key. It has no flag, since every user of a machine can read the arguments of a process; it
    /// comes from the environment, from a file that `<VARIABLE>_FILE` names, or from the configuration file.
    public static func secret(_ key: String, help: String) -> Setting {
        Setting(
            key, flag: nil, default: nil, defaultText: nil, help: help, expected: "a text on one line", isSecret: true
        ) { $0.isEmpty || $0.contains(where: \.isNewline) ? nil : .some($0) }
    }
}

extension Setting where Value == Int {
    /// A whole number inside `range`.
    public static func integer(
        _ key: String, flag: String?, in range: ClosedRange<Int>, default: Int, help: String
    ) -> Setting {
        Setting(
            key, flag: flag, default: `default`, defaultText: "\(`default`)", help: help,
            expected: "a whole number from \(range.lowerBound) to \(range.upperBound)"
        ) { text in
            Int(text).flatMap { range.contains($0) ? $0 : nil }
        }
    }

    /// A TCP port to listen on, 1 to 65535.
    public static func port(_ key: String, flag: String?, default: Int, help: String) -> Setting {
        .integer(key, flag: flag, in: 1...65_535, default: `default`, help: help)
    }
}

extension Setting where Value == Int? {
    /// A TCP port to listen on, 1 to 65535; 0 turns the listener off and reads as nil.
    public static func portOrOff(_ key: String, flag: String?, default: Int, help: String) -> Setting {
        Setting(
            key, flag: flag, default: `default`, defaultText: "\(`default`)", help: help,
            expected: "a port from 1 to 65535, or 0 for none"
        ) { text in
            switch Int(text) {
            case .some(0): .some(nil)
            case .some(let port) where (1...65_535).contains(port): .some(port)
            default: nil
            }
        }
    }
}

extension Setting where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
    /// One of the cases of an enumeration, by its raw value and without regard to case.
    public static func choice(_ key: String, flag: String?, default: Value, help: String) -> Setting {
        Setting(
            key, flag: flag, default: `default`, defaultText: `default`.rawValue, help: help,
            expected: alternatives(Value.allCases.map(\.rawValue))
        ) { text in
            Value.allCases.first { $0.rawValue.lowercased() == text.lowercased() }
        }
    }
}

extension Setting where Value == Duration {
    /// A time in seconds, with or without decimals, inside `range`.
    public static func seconds(
        _ key: String, flag: String?, in range: ClosedRange<Double>, default: Double, help: String
    ) -> Setting {
        Setting(
            key, flag: flag, default: .seconds(`default`), defaultText: decimal(`default`), help: help,
            expected: "seconds from \(decimal(range.lowerBound)) to \(decimal(range.upperBound))"
        ) { text in
            Double(text).flatMap { range.contains($0) ? .seconds($0) : nil }
        }
    }
}

private func alternatives(_ words: [String]) -> String {
    guard let last = words.last, words.count > 1 else { return words.first ?? "" }
    return "\(words.dropLast().joined(separator: ", ")) or \(last)"
}

private func isURL(_ text: String, schemes: [String]) -> Bool {
    guard let separator = text.firstRange(of: "://"), !text.contains(where: \.isWhitespace) else { return false }
    return schemes.contains(text[..<separator.lowerBound].lowercased()) && separator.upperBound < text.endIndex
}
