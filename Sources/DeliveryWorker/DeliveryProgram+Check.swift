public import Operations
internal import SMSVerification

extension DeliveryProgram {
    /// Looks at the settings and at the files that they name, for `--check-config`.
    ///
    /// - Throws: ``ConfigurationFaults`` when something is wrong.
    public static func check(_ settings: Settings) throws {
        var check = ConfigurationCheck(settings)
        let choices = check.step { try settings.read(.providers) } ?? []
        let accounts = choices.compactMap { choice in check.step { try ProviderAccount(choice.name, settings) } }
        let tables = check.step { try DeliveryTables(settings) }
        check.step {
            try DeliveryConfiguration(
                settings, choices: choices, providers: accounts, tables: tables ?? DeliveryTables())
        }
        if let tables {
            let lint = DeliveryLint(
                accounts: accounts, templates: tables.templates, policy: VerificationPolicy())
            for finding in lint.findingsInTemplates {
                let text = "\(Setting.templatesFile.description.name): \(finding)"
                switch finding.severity {
                case .fault: check.add(ConfigurationError(text))
                case .advice: check.advise(text)
                }
            }
            for finding in lint.findingsInAccounts { check.advise("\(finding)") }
        }
        if let numbers = check.step({ try NumberPlan(settings.read(.countries)) }) {
            let advice = [
                CountryReach(accounts).advice(on: numbers.countries), ConsentText.advice(on: numbers.countries),
            ]
            for advice in advice { if let advice { check.advise(advice) } }
        }
        try check.finish(program: "sms-worker")
    }
}
