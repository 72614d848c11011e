extension Setting where Value == String? {
    /// Where gateways reach sms-api: `--callback-url`, `SMS_CALLBACK_URL`.
    ///
    /// sms-worker gives gateways an address below it, and sms-api checks signatures that cover it.
    public static var callbackURL: Setting {
        .optionalURL(
            "callback.url", flag: "--callback-url", schemes: ["https", "http"],
            help: "The address under which gateways reach sms-api, to which /callbacks/… is added: they report there")
    }
}
