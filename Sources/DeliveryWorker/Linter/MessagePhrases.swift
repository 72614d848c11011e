/// By which words the linter sees what a message says, in the languages that it knows.
enum MessagePhrases {
    /// What a code is for.
    static let purpose = [
        "en": [
            "verif", "confirm", "log in", "log-in", "login", "logging in", "sign in", "sign-in", "signing in",
            "sign up",
            "sign-up", "regist", "password", "pay", "order", "change", "reset",
        ],
        "zh": [
            "验证", "驗證", "登录", "登陆", "登錄", "登入", "注册", "註冊", "支付", "付款", "密码", "密碼", "绑定", "綁定",
            "确认", "確認", "校验", "更换", "修改",
        ],
    ]

    /// That the code is for nobody else.
    static let warning = [
        "en": [
            "do not share", "don't share", "never share", "not to share", "do not pass", "don't pass", "never pass",
            "do not give", "don't give", "never give", "do not tell", "don't tell", "never tell", "do not disclose",
            "do not forward", "don't forward", "never ask",
        ],
        "zh": [
            "请勿", "請勿", "切勿", "勿泄", "勿洩", "勿告", "勿转", "勿轉", "不要告诉", "不要告訴", "不要泄露", "不要透露",
            "谨防", "謹防",
        ],
    ]

    /// Whether one of the language's phrases is in the text; nil when the linter does not know the language.
    ///
    /// - Parameter language: Nil: any.
    static func contain(_ phrases: [String: [String]], _ text: String, in language: String?) -> Bool? {
        let text = text.lowercased()
        let known = phrases.filter { name, _ in
            language == nil || language == name || language?.hasPrefix("\(name)-") == true
        }
        guard !known.isEmpty else { return nil }
        return known.values.contains { $0.contains { text.contains($0) } }
    }
}
