public import Operations
internal import SMSVerification

extension DeliveryProgram {
    /// Looks at the settings and at the files that they name, for `--check-config`.
    ///
    /// - Throws: ``ConfigurationError`` when something is wrong.
    public static func check(_ settings: Settings) throws {
        var check = ConfigurationCheck(settings)
        let configuration = DeliveryConfiguration(&check.reader)
        for finding in configuration.lint.findingsInTemplates {
            let text = "\(Setting.templatesFile.description.name): \(finding)"
            switch finding.severity {
            case .fault: check.reader.add(ConfigurationError(text))
            case .advice: check.advise(text)
            }
        }
        for finding in configuration.lint.findingsInAccounts { check.advise("\(finding)") }
        let countries = check.reader.read(.countries)
        if let numbers = check.reader.step(.countries, { try NumberPlan(countries) }) {
            let advice = [
                CountryReach(configuration.providers).advice(on: numbers.countries),
                ConsentText.advice(on: numbers.countries),
            ]
            for advice in advice { if let advice { check.advise(advice) } }
        }
        try check.finish(program: "sms-worker")
    }
}
