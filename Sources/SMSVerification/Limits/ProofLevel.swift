/// What a caller must bring, or has brought, to be believed a human being.
public enum ProofLevel: Sendable, Hashable, Comparable {
    /// Nothing.
    case none
    /// A solved picture or a proof of work.
    case one
    /// A solved picture and a proof of work, the harder the higher the pressure: see ``CreditWindow/pressures``.
    case both(pressure: Int)

    /// As the scripts count.
    var rank: Int {
        switch self {
        case .none: 0
        case .one: 1
        case .both(let pressure): 1 + pressure
        }
    }

    init(rank: Int) {
        switch rank {
        case ...0: self = .none
        case 1: self = .one
        default: self = .both(pressure: rank - 1)
        }
    }
}
