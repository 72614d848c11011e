internal import SMSProviders

/// Which template or text a message goes out with, by provider, purpose and language.
///
///     name 商店
///     template aliyun login zh SMS_154950909 您的登录验证码为{code}，{minutes}分钟内有效，请勿告诉他人。
///     template aliyun *     *  SMS_154950910
///     text     *      *     en Shop: {code} is your code to sign in, valid for {minutes} minutes. Do not share it.
///
/// `*` stands for any. `\n` begins a new line in a text. Behind a template's id its approved words may stand: they say in
/// which order its variables come, and the linter looks at them. `name` lines say how messages may call the sender, and
/// `warning` lines how they may ask not to pass the code on; both are for the linter.
struct MessageTemplates: TextTable {
    /// A line that gives a template or a text.
    struct Entry: Sendable {
        var line: Int
        /// Nil: all that send texts of one's own.
        var provider: ProviderName?
        /// Nil: any.
        var purpose: String?
        /// In small letters; nil: any.
        var language: String?
        var template: MessageTemplate

        func isFor(_ other: Entry) -> Bool {
            provider == other.provider && purpose == other.purpose && language == other.language
        }
    }

    var entries: [Entry] = []
    /// How messages may call the sender.
    var names: [String] = []
    /// How messages may ask not to pass the code on.
    var warnings: [String] = []

    /// What each provider sends that the table has something for. The purpose decides first, then the language, of which
    /// `zh` stands for `zh-CN` too; a line for one provider comes before one for all.
    func chosen(purpose: String, language: String) -> [String: MessageTemplate] {
        guard !entries.isEmpty else { return [:] }
        let language = language.lowercased()
        var chosen: [String: MessageTemplate] = [:]
        for provider in ProviderName.allCases {
            let fitting = entries.compactMap { entry in
                entry.rank(provider, purpose, language).map { (rank: $0, template: entry.template) }
            }
            chosen[provider.rawValue] = fitting.max { $0.rank < $1.rank }?.template
        }
        return chosen
    }
}

extension MessageTemplates.Entry {
    /// How closely it fits; nil: not at all.
    fileprivate func rank(_ provider: ProviderName, _ purpose: String, _ language: String) -> (Int, Int, Int)? {
        guard self.provider == provider || self.provider == nil && provider.sendsTexts,
            self.purpose == nil || self.purpose == purpose
        else { return nil }
        var parts = 0
        if let own = self.language {
            guard language == own || language.hasPrefix("\(own)-") else { return nil }
            parts = own.split(separator: "-").count
        }
        return (self.purpose == nil ? 0 : 1, parts, self.provider == nil ? 0 : 1)
    }
}
