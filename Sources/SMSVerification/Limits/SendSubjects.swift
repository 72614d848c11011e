/// Whom a message concerns, as the limits' keys name them: pseudonyms do as well as the numbers themselves.
///
/// Its description tells the country alone: a number that is printed by accident stays private.
public struct SendSubjects: Sendable, Hashable, SecretValue {
    /// The number.
    public var number: String
    /// The number without its last four digits.
    public var prefix: String
    /// The country code, such as `86`.
    public var country: String
    /// Who asks: ``ClientAddress/subject``. Without one, the limits of addresses do not apply.
    public var address: String?
    /// Which client of `/v1` asks. Without one, the limits of sessions do not apply.
    public var session: String?

    /// Names the subjects.
    public init(number: String, prefix: String, country: String, address: String?, session: String? = nil) {
        self.number = number
        self.prefix = prefix
        self.country = country
        self.address = address
        self.session = session
    }
    public var description: String { "SendSubjects(country: \(country))" }
}

extension SendSubjects {
    /// The subjects of a message, as they may stand in Redis.
    init(
        _ mobile: MobileNumber, _ address: ClientAddress?, _ secrets: StoredSecrets, client: ClientToken? = nil
    ) {
        self.init(
            number: secrets.subject(mobile.canonical), prefix: secrets.subject(mobile.prefix),
            country: mobile.country.callingCode, address: address.map { secrets.subject($0.subject) },
            session: client?.text)
    }
}
