import Operations
import SMSProviders
import Testing

@testable import DeliveryWorker

@Suite struct SettingTests {
    /// One configuration file serves all programs: each must know the others' keys, but for the one that names the file.
    @Test func eachOneIsKnownToAllPrograms() {
        #expect(DeliveryConfiguration.settings.map(\.key).filter { !SystemKeys.all.contains($0) } == ["config"])
    }

    private static let twilio = [
        "SMS_PROVIDER": "twilio", "SMS_TWILIO_ACCOUNT_SID": "AC1", "SMS_TWILIO_AUTH_TOKEN": "token",
        "SMS_TWILIO_SENDER": "+15005550006",
    ]
    private static let webhook = [
        "SMS_PROVIDER": "webhook", "SMS_WEBHOOK_URL": "https://sms.example.com/send",
        "SMS_WEBHOOK_SECRETS": "whsec_bWFkZS11cC13ZWJob29rLWtleS0wMTIzNDU2Nzg5YWI=",
    ]

    /// Where the one gateway of these settings is asked to report.
    private static func reportAddress(_ environment: [String: String]) throws -> String? {
        let settings = try Settings(declared: DeliveryConfiguration.settings, environment: environment)
        return switch try DeliveryConfiguration(settings).providers[0] {
        case .twilio(let account): account.statusCallback
        case .webhook(let account): account.reportURL
        default: nil
        }
    }

    @Test(arguments: [("twilio", twilio), ("webhook", webhook)])
    func gatewaysAreAskedToReportWhereTheyReachTheAPI(_ name: String, _ account: [String: String]) throws {
        #expect(try Self.reportAddress(account) == nil)
        for base in ["https://sms.example.com", "https://sms.example.com/"] {
            let environment = account.merging(["SMS_CALLBACK_URL": base]) { $1 }
            #expect(try Self.reportAddress(environment) == "https://sms.example.com/callbacks/\(name)")
        }
    }

    @Test func recordsAreKeptUnlessTheyAreSwitchedOff() throws {
        for (text, isOn) in [(nil, true), ("yes", true), ("no", false)] as [(String?, Bool)] {
            var environment = Self.twilio
            environment["SMS_DELIVERY_RECORDS"] = text
            let settings = try Settings(declared: DeliveryConfiguration.settings, environment: environment)
            #expect(try DeliveryConfiguration(settings).hasRecords == isOn)
        }
    }
}
