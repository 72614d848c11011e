/// The store's keys. They are the tutorial system's own, so that a Django application reads what this service wrote.
enum StoreKeys {
    static func captcha(_ id: CaptchaID) -> String { "img_\(id.text)" }
    static func code(_ mobile: MobileNumber) -> String { "sms_code_\(mobile.canonical)" }
    static func sendFlag(_ mobile: MobileNumber) -> String { "send_flag_\(mobile.canonical)" }
}
