/// A picture that a person has to read.
public struct IssuedPicture: Sendable, SecretValue {
    /// Which one.
    public let id: PictureID
    /// What it shows.
    public let text: String
    /// How long an answer counts.
    public let lifetime: Duration

    /// Without what it shows.
    public var description: String { "picture \(id)" }
}

/// What came of the wish for a picture.
public enum PictureOutcome: Sendable {
    /// It counts for the client that it is shown to.
    case issued(IssuedPicture)
    /// The address was shown too many.
    case tooMany(retryAfter: Duration)
}

/// What a caller brings to show that it is no program, or that it has paid with computing.
public struct Proof: Sendable, SecretValue {
    /// A picture, and what the person read in it.
    public var picture: (id: PictureID, answer: String)?
    /// A solved challenge, whose signature, age and work were checked.
    public var work: SolvedWork?

    /// Nothing of it.
    public init() {}

    /// Without what the person read.
    public var description: String {
        [picture.map { "picture \($0.id)" }, work.map { "work for pressure \($0.pressure)" }]
            .compactMap(\.self).joined(separator: ", ")
    }
}

/// A solved proof of work that is good, and was not spent yet.
public struct SolvedWork: Sendable {
    /// The Redis key that is taken when it is spent.
    public var key: String
    /// How long that key has to live.
    public var lifetime: Duration
    /// For how much pressure its difficulty is enough.
    public var pressure: Int

    /// Work that is good.
    public init(key: String, lifetime: Duration, pressure: Int) {
        self.key = key
        self.lifetime = lifetime
        self.pressure = pressure
    }
}

/// Who asks, for which number, with what proof.
public struct StartRequest: Sendable {
    /// Whom to send to.
    public var mobile: MobileNumber
    /// What for.
    public var purpose: Purpose
    /// The language that the person reads, for the message; nil when that is not known.
    public var language: LanguageTag?
    /// Who asks.
    public var client: ClientToken
    /// Where the request came from; nil when that is not known.
    public var address: ClientAddress?
    /// What it brings.
    public var proof: Proof
    /// The caller's name for this request: the same name again gets the same answer, and nothing is sent again.
    public var idempotencyKey: String?

    /// A request.
    public init(
        mobile: MobileNumber, purpose: Purpose = .standard, client: ClientToken, address: ClientAddress?, proof: Proof,
        idempotencyKey: String? = nil
    ) {
        self.mobile = mobile
        self.purpose = purpose
        self.client = client
        self.address = address
        self.proof = proof
        self.idempotencyKey = idempotencyKey
    }
}
