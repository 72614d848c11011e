internal import SMSProviders
internal import SMSVerification

extension MessageTemplates {
    mutating func add(_ line: Substring, number: Int) throws(LineFault) {
        let (keyword, rest) = line.firstWord
        switch keyword {
        case "name": try names.append(Self.words(rest, of: "name", example: "Shop"))
        case "warning": try warnings.append(Self.words(rest, of: "warning", example: "ne le communiquez à personne"))
        case "template", "text": try addEntry(keyword == "text", rest, number)
        default: throw LineFault("unknown word \(keyword); a line begins with name, warning, template or text")
        }
    }

    private static func words(_ rest: Substring, of keyword: String, example: String) throws(LineFault) -> String {
        guard !rest.isEmpty else { throw LineFault("write something behind \(keyword), such as \(example)") }
        return String(rest)
    }

    private mutating func addEntry(_ isText: Bool, _ line: Substring, _ number: Int) throws(LineFault) {
        let (provider, afterProvider) = line.firstWord
        let (purpose, afterPurpose) = afterProvider.firstWord
        let (language, rest) = afterPurpose.firstWord
        guard !rest.isEmpty else {
            throw LineFault(
                isText
                    ? "write text PROVIDER PURPOSE LANGUAGE TEXT, such as text twilio login en {code} is your code"
                    : "write template PROVIDER PURPOSE LANGUAGE ID, such as template aliyun login zh SMS_154950909")
        }
        let entry = Entry(
            line: number, provider: provider == "*" ? nil : try ProviderName(word: provider),
            purpose: try Self.purpose(purpose), language: try Self.language(language),
            template: try isText ? Self.text(rest) : Self.approved(rest))
        try Self.check(entry, isText)
        if let other = entries.first(where: { $0.isFor(entry) }) {
            throw LineFault(
                "\(provider) \(purpose) \(language) is in line \(other.line) already; leave one of them out")
        }
        entries.append(entry)
    }

    private static func purpose(_ word: String) throws(LineFault) -> String? {
        if word == "*" { return nil }
        guard let purpose = Purpose(word) else {
            throw LineFault("\(word) is no purpose; write lower-case letters, digits and hyphens, or * for any")
        }
        return purpose.name
    }

    private static func language(_ word: String) throws(LineFault) -> String? {
        if word == "*" { return nil }
        guard let tag = LanguageTag(word) else {
            throw LineFault("\(word) is no language; write it like zh or zh-CN, or * for any")
        }
        return tag.text.lowercased()
    }

    private static func text(_ words: Substring) throws(LineFault) -> MessageTemplate {
        let text = String(words).replacing("\\n", with: "\n")
        if let place = TemplateVariable.unknownPlaces(in: text).first {
            throw LineFault("\(place) stands for nothing; write {code} or {minutes}")
        }
        guard text.contains(TemplateVariable.code.place) else {
            throw LineFault("the text has no {code}; write it where the code is to stand")
        }
        return MessageTemplate(text: text)
    }

    private static func approved(_ words: Substring) throws(LineFault) -> MessageTemplate {
        let (id, rest) = words.firstWord
        var template = rest.isEmpty ? MessageTemplate() : try text(rest)
        template.id = id
        return template
    }

    /// Whether its provider can send such a thing.
    private static func check(_ entry: Entry, _ isText: Bool) throws(LineFault) {
        if isText {
            guard entry.provider?.sendsTexts ?? true else {
                throw LineFault("this provider sends approved templates alone; write template, and the template's id")
            }
            return
        }
        guard let provider = entry.provider else {
            throw LineFault("a template belongs to one provider; write its name in place of *")
        }
        guard let example = provider.templateExample else {
            throw LineFault("\(provider.rawValue) sends texts of your own; write text, and the text")
        }
        guard let id = entry.template.id, provider.isTemplateID(id) else {
            throw LineFault(
                "\(entry.template.id ?? "") is no template of \(provider.rawValue); write it like \(example)")
        }
    }
}

extension ProviderName {
    /// Messages are texts of one's own; those of the others are templates that the vendor has approved.
    var sendsTexts: Bool { templateExample == nil }

    /// How the vendor names a template.
    fileprivate var templateExample: String? {
        switch self {
        case .yuntongxun: "10001"
        case .aliyun: "SMS_154950909"
        case .tencent: "1110"
        case .twilio, .sns, .webhook: nil
        }
    }

    fileprivate func isTemplateID(_ id: String) -> Bool {
        let prefix = self == .aliyun ? "SMS_" : ""
        let digits = id.dropFirst(prefix.count)
        return id.hasPrefix(prefix) && !digits.isEmpty && digits.allSatisfy { ("0"..."9").contains($0) }
    }

    /// Reads a provider's name in a table.
    init(word: String) throws(LineFault) {
        guard let name = ProviderName(rawValue: word) else {
            let names = ProviderName.allCases.map(\.rawValue).joined(separator: ", ")
            throw LineFault("unknown provider \(word); write one of \(names)")
        }
        self = name
    }
}

extension Substring {
    /// Up to the first blank, and what follows the blanks, without those at its end.
    fileprivate var firstWord: (word: String, rest: Substring) {
        let word = prefix { !$0.isWhitespace }
        var rest = self[word.endIndex...].drop(while: \.isWhitespace)
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return (String(word), rest)
    }
}
