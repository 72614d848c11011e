internal import Logging
internal import Operations
internal import SMSProviders
internal import SMSVerification

/// All that the linter finds in what a worker would send: the texts of its accounts, and the file of templates.
struct DeliveryLint {
    let accounts: [ProviderAccount]
    let templates: MessageTemplates
    let policy: VerificationPolicy

    /// What is found in the file of templates.
    var findingsInTemplates: [LintFinding] { templates.entries.flatMap(findings) }

    /// What is found in the accounts' own texts. They are often put together without such a file, so it is advice.
    var findingsInAccounts: [LintFinding] {
        accounts.compactMap { account in account.text.map { (account.name, $0.text, $0.setting) } }
            .flatMap { name, text, setting in
                linter.findings(text, by: name, in: nil, signature: nil).map {
                    LintFinding(severity: .advice, description: "\(setting) \($0.description)")
                }
            } + accounts.flatMap(\.advice).map { LintFinding(severity: .advice, description: $0) } + unnamed
    }

    /// Tells faults of the templates to the log: the messages go out all the same.
    func tell(_ logger: Logger) {
        for finding in findingsInTemplates where finding.severity == .fault {
            logger.warning("the templates: \(finding)")
        }
    }

    private var unnamed: [LintFinding] {
        guard templates.names.isEmpty, accounts.contains(where: \.name.sendsTexts) else { return [] }
        return [
            LintFinding(
                severity: .advice,
                description: "whether texts say who asks is not known: write name lines in the file of --templates")
        ]
    }

    private var linter: MessageLinter {
        MessageLinter(names: templates.names, warnings: templates.warnings, minutes: policy.codeMinutes)
    }

    private func findings(_ entry: MessageTemplates.Entry) -> [LintFinding] {
        guard let text = entry.template.text else { return [] }
        let providers = entry.provider.map { [$0] } ?? ProviderName.allCases.filter(\.sendsTexts)
        let all = providers.flatMap { provider in
            let account = accounts.first { $0.name == provider }
            return linter.findings(text, by: provider, in: entry.language, signature: account?.signature)
                + missingVariable(entry.template, account)
        }
        // A text for several providers has most of its findings once for each.
        return all.reduce(into: [LintFinding]()) { if !$0.contains($1) { $0.append($1) } }
            .map { LintFinding(severity: $0.severity, description: "line \(entry.line): \($0.description)") }
    }

    private func missingVariable(_ template: MessageTemplate, _ account: ProviderAccount?) -> [LintFinding] {
        guard case .aliyun(let aliyun) = account, aliyun.minutesVariable == nil,
            template.variables?.contains(.minutes) == true
        else { return [] }
        return [
            LintFinding(
                severity: .fault,
                description: "has {minutes}, and what Aliyun calls it is not known: set SMS_ALIYUN_MINUTES_VARIABLE")
        ]
    }
}

extension ProviderAccount {
    /// What the vendor puts before each message, where it is known.
    fileprivate var signature: String? {
        switch self {
        case .aliyun(let account): account.signName
        case .tencent(let account): account.signName
        case .yuntongxun, .twilio, .sns, .webhook: nil
        }
    }

    /// The text of its own that the account sends, and the setting that gives it.
    fileprivate var text: (text: String, setting: String)? {
        switch self {
        case .twilio(let account): (account.text, Setting.twilioText.description.variable)
        case .sns(let account): (account.text, Setting.snsText.description.variable)
        case .yuntongxun, .aliyun, .tencent, .webhook: nil
        }
    }

    /// What else an operator should know.
    fileprivate var advice: [String] {
        guard case .yuntongxun(let account) = self, account.templateID == "1",
            account.baseURL == YuntongxunConfiguration.productionURL
        else { return [] }
        return ["yuntongxun: template 1 is the vendor's for tests: it goes to numbers that are registered for it alone"]
    }
}
