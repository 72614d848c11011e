/// The store's keys. The first three are the tutorial system's own, so that a Django application reads what this service
/// wrote; all others begin with `sms:`.
enum StoreKeys {
    static func captcha(_ id: CaptchaID) -> String { "img_\(id.text)" }
    /// Of what is no id: there never is such a captcha.
    static let noCaptcha = "img_"
    static func code(_ mobile: MobileNumber) -> String { "sms_code_\(mobile.canonical)" }
    static func sendFlag(_ mobile: MobileNumber) -> String { "send_flag_\(mobile.canonical)" }

    static let verificationPrefix = "sms:verification:"

    static func verification(_ id: VerificationID) -> String { verificationPrefix + id.text }
    static func picture(_ id: PictureID) -> String { "sms:captcha:\(id.text)" }
    /// How many pictures an address was shown in the last minute.
    static func picturesShown(to subject: String) -> String { "sms:limit:pictures:\(subject)" }
    /// What one client has asked for one number.
    static func asked(_ client: ClientToken, _ purpose: Purpose, subject: String) -> String {
        "sms:asked:\(client.text):\(purpose.name):\(subject)"
    }
    /// A request that its client has named.
    static func request(_ client: ClientToken, _ name: String) -> String { "sms:request:\(client.text):\(name)" }
    /// Present: the number is sent nothing.
    static func blocked(subject: String) -> String { "sms:blocked:\(subject)" }
}
