internal import SMSProviders

/// Looks at a message's words as the person gets them, with the longest values filled in.
struct MessageLinter {
    /// The longest code that is made.
    static let longestCode = 6

    /// How messages may call the sender; none: it cannot be judged.
    var names: [String]
    /// Further ways to ask not to pass the code on.
    var warnings: [String]
    /// How many minutes a code lives.
    var minutes: Int

    /// What is wrong with a text.
    ///
    /// - Parameters:
    ///   - text: With `{code}` and `{minutes}`.
    ///   - provider: Who sends it.
    ///   - language: What it is written in, in small letters; nil: any.
    ///   - signature: What the vendor puts before it; nil: nothing, or it is not known.
    func findings(_ text: String, by provider: ProviderName, in language: String?, signature: String?) -> [LintFinding]
    {
        TemplateVariable.unknownPlaces(in: text).map { .fault("has \($0), which stands for nothing: write {minutes}") }
            + said(text, by: provider, in: language) + minutesSaid(text) + originLine(text)
            + length(text, by: provider, signature: signature) + variables(of: provider)
    }

    // MARK: - What a person must be told

    private func said(_ text: String, by provider: ProviderName, in language: String?) -> [LintFinding] {
        var findings: [LintFinding] = []
        // Vendors of approved templates put the sender's signature before each message.
        if provider.sendsTexts, !names.isEmpty, !names.contains(where: { text.contains($0) }) {
            findings.append(.fault("does not say who asks: write \(names.joined(separator: " or "))"))
        }
        switch MessagePhrases.contain(MessagePhrases.purpose, text, in: language) {
        case true?: break
        case false?: findings.append(.fault("does not say what the code is for, such as to verify or to sign in"))
        case nil: findings.append(.advice("cannot be judged in this language: see that it says what the code is for"))
        }
        if !warnings.contains(where: { text.contains($0) }) {
            switch MessagePhrases.contain(MessagePhrases.warning, text, in: language) {
            case true?: break
            case false?:
                findings.append(.fault("does not ask to keep the code to oneself: write \"Do not share it\", 请勿告诉他人"))
            case nil:
                findings.append(
                    .advice("cannot be judged in this language: write how it asks to keep the code in a warning line"))
            }
        }
        return findings
    }

    private func minutesSaid(_ text: String) -> [LintFinding] {
        guard !text.contains(TemplateVariable.minutes.place) else { return [] }
        let typed = text.firstMatch(of: /([0-9]+)\s*(?:min|分)/.ignoresCase()).flatMap { Int($0.output.1) }
        return switch typed {
        case nil: [.fault("does not say how long the code is valid: write {minutes}")]
        case minutes?: [.advice("has the minutes typed in: write {minutes}, which cannot become wrong")]
        case let typed?: [.fault("says \(typed) minutes, and codes live \(minutes): write {minutes}")]
        }
    }

    // MARK: - What programs read

    /// The line by which browsers know for which site a code is (`https://wicg.github.io/sms-one-time-codes/`).
    private func originLine(_ text: String) -> [LintFinding] {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard let place = lines.firstIndex(where: { $0.hasPrefix("@") || $0.contains("#{code}") }) else { return [] }
        let form = /@[a-z0-9-]+(?:\.[a-z0-9-]+)+ #\{code\}(?: @[a-z0-9-]+(?:\.[a-z0-9-]+)+)?/
        var findings: [LintFinding] = []
        if lines[place].wholeMatch(of: form) == nil {
            findings.append(
                .fault("has a line for browsers that they do not know: write it like @shop.example #{code}"))
        }
        if place != lines.count - 1 {
            findings.append(.fault("has the line for browsers not at its end: move it there"))
        }
        if !lines[..<place].contains(where: { $0.contains { !$0.isWhitespace } }) {
            findings.append(.fault("has nothing for people before the line for browsers: write it there"))
        }
        return findings
    }

    // MARK: - What vendors take

    private func length(_ text: String, by provider: ProviderName, signature: String?) -> [LintFinding] {
        let example = OutgoingMessage(
            mobile: "", code: String(repeating: "0", count: Self.longestCode), validMinutes: minutes, taskID: "")
        let rendered = (signature.map { "【\($0)】" } ?? "") + MessageText.filled(text, for: example)
        if let most = provider.mostCharacters, rendered.count > most {
            return [.fault("has \(rendered.count) characters, and the vendor takes \(most)")]
        }
        let length = TextLength(rendered, alwaysUCS2: !provider.sendsTexts)
        guard length.parts > 1 else { return [] }
        let foreign = TextLength.foreignCharacters(in: rendered)
        let spoilers = foreign.count < 5 && provider.sendsTexts ? foreign.map { "\"\($0)\"" } : []
        let hint =
            spoilers.isEmpty
            ? "" : ", since \(spoilers.joined(separator: ", ")) is not of the alphabet that takes 160"
        return [
            .advice(
                "is sent and paid for as \(length.parts) messages: it has \(length.units) characters, and one takes "
                    + "\(length.room)\(hint)")
        ]
    }

    private func variables(of provider: ProviderName) -> [LintFinding] {
        var findings: [LintFinding] = []
        if let lengths = provider.codeLengths, !lengths.contains(Self.longestCode) {
            findings.append(
                .fault("has codes of \(Self.longestCode) digits, and the vendor takes \(lengths.upperBound)"))
        }
        if let most = provider.longestVariable, String(minutes).count > most {
            findings.append(.fault("has minutes of \(String(minutes).count) digits, and the vendor takes \(most)"))
        }
        return findings
    }
}

extension LintFinding {
    fileprivate static func fault(_ words: String) -> LintFinding { LintFinding(severity: .fault, description: words) }
    fileprivate static func advice(_ words: String) -> LintFinding {
        LintFinding(severity: .advice, description: words)
    }
}

/// The vendors' limits, from their documentation; see their code tables for what they answer beyond them.
extension ProviderName {
    /// How many characters a message may have.
    fileprivate var mostCharacters: Int? {
        switch self {
        case .yuntongxun: 250
        case .twilio, .sns: 1600
        case .aliyun, .tencent, .webhook: nil
        }
    }

    /// How many digits the code of a verification template may have.
    fileprivate var codeLengths: ClosedRange<Int>? {
        switch self {
        case .aliyun: 4...6
        case .tencent: 0...6
        case .yuntongxun, .twilio, .sns, .webhook: nil
        }
    }

    /// How many characters any other variable may have.
    fileprivate var longestVariable: Int? {
        switch self {
        case .aliyun: 35
        case .tencent: 6
        case .yuntongxun, .twilio, .sns, .webhook: nil
        }
    }
}
