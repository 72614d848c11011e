/// What the vendor's status codes mean for a message, from its published code lists.
enum YuntongxunCodes {
    /// The outcome and a few words for logs. A code that is not listed is judged by its first digits, and marked
    /// ``SendReason/unlisted`` so that an operator can look.
    static func meaning(of code: String) -> (outcome: SendOutcome, words: String) {
        if code == "000000" { return (.accepted, "accepted") }
        let words = "a code that is not in the table"
        guard code.count == 6, let number = Int(code) else { return (.unknown(.unlisted), words) }
        if let row = byCode[number] { return (row.outcome, row.words) }
        switch number / 100 {
        case 1111, 1123: return (.badConfiguration(.unlisted), words)
        default: return (.unknown(.unlisted), words)
        }
    }

    private static let byCode: [Int: Row] = Dictionary(
        uniqueKeysWithValues: table.flatMap { row in row.codes.map { ($0, row) } })

    private struct Row {
        let codes: ClosedRange<Int>
        let outcome: SendOutcome
        let words: String

        init(_ code: Int, _ outcome: SendOutcome, _ words: String) {
            self.init(code...code, outcome, words)
        }

        init(_ codes: ClosedRange<Int>, _ outcome: SendOutcome, _ words: String) {
            self.codes = codes
            self.outcome = outcome
            self.words = words
        }
    }

    private static let table: [Row] = [
        Row(111_000, .unknown(.internal), "unspecified platform error"),
        Row(111_001...111_099, .retry(.internal), "internal platform errors (whole range)"),
        Row(111_100, .badConfiguration(.param), "account part of the URL malformed"),
        Row(111_101, .badConfiguration(.auth), "Authorization header absent"),
        Row(111_102, .badConfiguration(.auth), "Authorization not decodable as base64"),
        Row(111_103, .badConfiguration(.auth), "decoded Authorization is not sid:timestamp"),
        Row(111_104, .badConfiguration(.auth), "account id inside Authorization empty"),
        Row(111_105, .badConfiguration(.auth), "timestamp inside Authorization empty"),
        Row(111_106, .badConfiguration(.clock), "timestamp too old or too new (24 h window)"),
        Row(111_107, .badConfiguration(.auth), "account id in Authorization differs from the one in the URL"),
        Row(111_108, .badConfiguration(.auth), "sig query parameter empty"),
        Row(111_109, .badConfiguration(.auth), "sig does not match"),
        Row(111_110, .badConfiguration(.param), "version segment of the URL wrong"),
        Row(111_111, .throttled(.rate, retryAfter: nil), "too many concurrent requests for the account"),
        Row(111_113, .badConfiguration(.clock), "timestamp not yyyyMMddHHmmss"),
        Row(111_128...111_133, .badConfiguration(.auth), "account id or token empty, illegal, or wrong length"),
        Row(111_138, .badConfiguration(.account), "main account not activated"),
        Row(111_139, .badConfiguration(.account), "main account suspended"),
        Row(111_140, .badConfiguration(.account), "main account closed"),
        Row(111_141, .badConfiguration(.account), "main account does not exist"),
        Row(111_142, .badConfiguration(.funds), "main account out of balance"),
        Row(111_143, .badConfiguration(.auth), "main account token invalid"),
        Row(111_169...111_171, .badConfiguration(.param), "appId empty, illegal, or wrong length"),
        Row(111_172...111_175, .badConfiguration(.param), "app name problems"),
        Row(111_176, .badConfiguration(.account), "app deleted"),
        Row(111_177, .badConfiguration(.account), "app disabled"),
        Row(111_178, .badConfiguration(.account), "app not published (not online)"),
        Row(111_179, .badConfiguration(.account), "app under review"),
        Row(111_180, .badConfiguration(.account), "app paused"),
        Row(111_181, .badConfiguration(.account), "app does not exist"),
        Row(111_182, .badConfiguration(.account), "app belongs to another account"),
        Row(112_300, .badNumber(.number), "recipient empty"),
        Row(112_301, .badConfiguration(.param), "message body empty"),
        Row(112_302, .badConfiguration(.account), "SMS group paused"),
        Row(112_303, .badConfiguration(.account), "app has no SMS feature"),
        Row(112_304, .badConfiguration(.param), "body encoding wrong"),
        Row(112_305, .badConfiguration(.account), "app not online, so only registered test numbers may receive"),
        Row(112_306, .badNumber(.number), "number empty in a template send"),
        Row(112_307, .badConfiguration(.template), "templateId empty"),
        Row(112_308, .badConfiguration(.template), "datas empty although the template has variables"),
        Row(112_309, .badConfiguration(.template), "template content encoding wrong"),
        Row(112_310, .badConfiguration(.account), "app not online, recipient not on the test list"),
        Row(112_311, .badConfiguration(.template), "template does not exist"),
        Row(112_312, .badConfiguration(.param), "extension code wrong"),
        Row(112_313, .badConfiguration(.template), "no template bound to the app"),
        Row(112_314, .throttled(.quota, retryAfter: nil), "daily send limit reached"),
        Row(112_315, .badConfiguration(.template), "templateId too long"),
        Row(112_316, .badNumber(.number), "one or more numbers malformed"),
        Row(112_317, .badNumber(.blocked), "recipient on the blacklist"),
        Row(112_318, .badConfiguration(.template), "templateId must be digits"),
        Row(112_319, .badConfiguration(.param), "recipient list too long"),
        Row(112_320, .badConfiguration(.param), "no status callback URL configured"),
        Row(112_321, .badConfiguration(.param), "status callback not switched on in the console"),
        Row(112_323, .badConfiguration(.template), "template missing or not approved"),
        Row(112_326, .retry(.internal), "send failed (no detail)"),
        Row(112_354, .throttled(.rate, retryAfter: nil), "status query called too concurrently"),
        Row(112_356, .unknown(.pending), "already sent, receipt not there yet"),
        Row(113_302, .badConfiguration(.template), "test template, and the number is no registered test number"),
        Row(160_000, .retry(.internal), "SMS system error"),
        Row(160_001...160_010, .retry(.channel), "carrier channel busy or down"),
        Row(160_011, .badConfiguration(.content), "blocked words"),
        Row(160_012, .retry(.channel), "channel rejected our platform (auth)"),
        Row(160_013, .badNumber(.number), "number malformed or not supported by the channel"),
        Row(160_014, .retry(.channel), "channel out of balance"),
        Row(160_015, .throttled(.number, retryAfter: nil), "per-number limit reached"),
        Row(160_016, .throttled(.rate, retryAfter: nil), "channel speed limit"),
        Row(160_017, .badConfiguration(.param), "too many numbers in one request"),
        Row(160_018, .badConfiguration(.content), "blocked word"),
        Row(160_019, .badConfiguration(.signature), "SMS signature text invalid"),
        Row(160_020, .badConfiguration(.content), "content longer than 250 characters"),
        Row(160_021, .throttled(.number, retryAfter: nil), "same content to the same number more than once a day"),
        Row(160_022, .throttled(.number, retryAfter: nil), "per-number daily limit"),
        Row(160_030, .badConfiguration(.param), "request body empty"),
        Row(160_031, .badConfiguration(.param), "parameters cannot be parsed; datas must be an array of strings"),
        Row(160_032, .badConfiguration(.template), "template invalid"),
        Row(160_033, .badConfiguration(.content), "SMS contains a blacklisted word"),
        Row(160_034, .badNumber(.blocked), "number on the platform blacklist"),
        Row(160_035, .badConfiguration(.content), "content empty"),
        Row(160_036, .badConfiguration(.template), "template type unknown"),
        Row(160_037, .badConfiguration(.content), "content length out of range"),
        Row(160_038, .throttled(.number, retryAfter: nil), "verification codes sent to this number too often"),
        Row(160_039, .throttled(.number, retryAfter: nil), "same template + number over its daily limit"),
        Row(160_040, .throttled(.number, retryAfter: nil), "verification-code template: daily limit for this number"),
        Row(160_041, .throttled(.number, retryAfter: nil), "notification template: daily limit for this number"),
        Row(160_042, .badNumber(.number), "number format wrong"),
        Row(160_043, .badConfiguration(.template), "template does not belong to the app"),
        Row(160_044, .badNumber(.number), "number empty"),
        Row(160_045, .badConfiguration(.param), "duplicate numbers in the list"),
        Row(160_046, .badConfiguration(.content), "rejected as marketing content"),
        Row(160_047, .badConfiguration(.param), "status query cannot be parsed"),
        Row(160_048, .badConfiguration(.param), "more than 200 numbers"),
        Row(160_049, .badConfiguration(.content), "sensitive words"),
        Row(160_050, .retry(.internal), "send failed (no detail)"),
        Row(160_051, .badNumber(.blocked), "recipient unsubscribed (marketing)"),
        Row(160_052, .badConfiguration(.template), "template variable has the wrong form"),
        Row(160_053, .badConfiguration(.ip), "caller IP not on the allow list"),
        Row(160_054, .unknown(.duplicate), "reqId seen before (duplicate request)"),
        Row(160_055, .badConfiguration(.param), "reqId too long"),
        Row(160_056, .throttled(.number, retryAfter: nil), "same content to the same number repeated"),
        Row(160_057, .badConfiguration(.template), "templateId must be digits"),
        Row(160_058, .badConfiguration(.geo), "account may not send abroad"),
        Row(160_059, .badConfiguration(.param), "no batch sending abroad"),
        Row(160_060, .badConfiguration(.content), "no marketing abroad"),
        Row(160_061, .badConfiguration(.geo), "country not supported"),
        Row(160_062, .badConfiguration(.geo), "country not switched on"),
        Row(160_063, .retry(.internal), "send failed"),
        Row(160_064, .retry(.internal), "send failed"),
        Row(160_065, .badConfiguration(.param), "sub-extension wrong"),
        Row(160_066, .badConfiguration(.param), "schedule time wrong"),
        Row(160_067, .badConfiguration(.param), "schedule time wrong"),
        Row(160_068, .badNumber(.blocked), "recipient unsubscribed platform-wide"),
        Row(160_069, .badConfiguration(.template), "test template: variable must be numeric"),
        Row(160_070, .badConfiguration(.geo), "custom template cannot go abroad"),
        Row(160_071, .badConfiguration(.content), "outside marketing hours"),
        Row(160_072, .badNumber(.blocked), "protected-number blacklist"),
        Row(160_073, .badNumber(.blocked), "carrier complaint blacklist"),
        Row(160_074, .badNumber(.blocked), "high-risk complaint blacklist"),
        Row(172_001, .unknown(.ambiguous), "SDK-local: network error"),
        Row(172_003, .unknown(.ambiguous), "SDK-local: answer cannot be parsed"),
        Row(172_004...172_013, .badConfiguration(.param), "SDK-local: a setting is missing"),
    ]
}
