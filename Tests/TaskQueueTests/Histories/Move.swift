/// What may happen next in a history, before it is said to whom.
enum Move: CaseIterable {
    case send, push
    case arrive, claim, look, work, giveBack, holdUnknown
    case promote, lease, takeOver, takeBack, buryPoison, forget
    case crash, passTime, forgetScripts, dropConnections
    case pause, resume, retryDeadLetter

    /// How often it comes, of about 500.
    var weight: Int {
        switch self {
        case .work: 165
        case .claim: 85
        case .send: 65
        case .promote: 40
        case .arrive, .takeOver: 25
        case .passTime: 20
        case .lease: 15
        case .push: 12
        case .look, .takeBack: 10
        case .crash, .retryDeadLetter, .resume: 8
        case .giveBack, .pause, .forgetScripts: 5
        case .holdUnknown, .forget: 4
        case .buryPoison: 3
        // It takes long.
        case .dropConnections: 1
        }
    }

    /// Without it nothing else can happen.
    var isNeeded: Bool { self == .send || self == .claim || self == .work }
}
