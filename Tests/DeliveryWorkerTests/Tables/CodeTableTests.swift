import SMSProviders
import Testing

@testable import DeliveryWorker

@Suite struct CodeTableTests {
    private static let text = """
        # provider   code                class       reason

        yuntongxun   160054              ok                       # an answer to a repeated request
        aliyun       isv.NEW_LIMIT       throttled   number
          tencent    FailedOperation.*   retry       channel
        tencent      FailedOperation.Odd* bad_config template
        tencent      FailedOperation.Odd bad_number  blocked
        webhook      *                   unknown     ambiguous
        """

    private func outcome(_ provider: String, _ code: String?) throws -> SendOutcome {
        let result = SendResult(.retry(.connection), vendorCode: code, detail: "d")
        return try CodeTable(text: Self.text).reinterpreted(result, of: provider).outcome
    }

    @Test(arguments: [
        ("yuntongxun", "160054", SendOutcome.accepted),
        ("aliyun", "isv.NEW_LIMIT", .throttled(.number, retryAfter: nil)),
        ("tencent", "FailedOperation.New", .retry(.channel)), ("tencent", "FailedOperation.", .retry(.channel)),
        ("tencent", "FailedOperation.Odder", .badConfiguration(.template)),
        ("tencent", "FailedOperation.Odd", .badNumber(.blocked)), ("webhook", "busy", .unknown(.ambiguous)),
        ("tencent", "failedoperation.new", .retry(.connection)), ("twilio", "160054", .retry(.connection)),
    ])
    func aCodeMeansWhatItsLineSays(provider: String, code: String, expected: SendOutcome) throws {
        #expect(try outcome(provider, code) == expected)
    }

    @Test func anAnswerWithoutACodeStaysAsItIs() throws {
        #expect(try outcome("webhook", nil) == .retry(.connection))
    }

    @Test func howLongALimitLastsIsKept() throws {
        let result = SendResult(
            .throttled(.rate, retryAfter: .seconds(7)), vendorCode: "isv.NEW_LIMIT", messageID: nil, detail: "d")
        let changed = try CodeTable(text: Self.text).reinterpreted(result, of: "aliyun")
        #expect(changed.outcome == .throttled(.number, retryAfter: .seconds(7)))
        #expect(changed.detail == "d (throttled number by the code table)")
        #expect(changed.vendorCode == "isv.NEW_LIMIT")
    }

    @Test(arguments: [
        ("aliyun", "write PROVIDER CODE CLASS REASON"), ("aliyun OK ok - -", "write PROVIDER CODE CLASS REASON"),
        ("pigeon 1 ok", "unknown provider pigeon; write one of yuntongxun, aliyun"),
        ("twilio 1 good", "unknown class good; write one of ok, retry"),
        ("twilio 1 retry", "retry needs a reason: one of account,"), ("twilio 1 ok number", "ok has no reason"),
        ("twilio 1 throttled funds", "throttled needs a reason: one of number, quota, rate"),
        ("twilio 1 bad_number auth", "bad_number needs a reason: one of blocked, fraud, number"),
        ("twilio 1*2 ok", "1*2 is no code"), ("yuntongxun 160054 ok", "yuntongxun 160054 is in line 3 already"),
    ])
    func aMistakeIsNamedWithItsLineAndTheRemedy(line: String, words: String) throws {
        let error = try #require(throws: TableError.self) { try CodeTable(text: "\(Self.text)\n\(line)\n") }
        #expect(error.line == 9)
        #expect(error.description.contains(words), "\(error)")
    }

    @Test func everyClassAndReasonCanBeWritten() throws {
        for reason in SendReason.allCases {
            for name in ["retry", "bad_config", "unknown"] {
                let table = try CodeTable(text: "sns X \(name) \(reason.rawValue)")
                let outcome = table.reinterpreted(SendResult(.accepted, vendorCode: "X", detail: ""), of: "sns").outcome
                #expect(outcome.label == name && outcome.reason == reason)
            }
        }
    }
}
