internal import Metrics

/// What an answer to a picture was worth. It is counted as `captcha.answers` with `outcome`: when few are right, programs
/// guess.
enum PictureVerdict: String, Sendable {
    case right
    case wrong
    /// There is no such picture: too old, used already, or another client's.
    case gone

    func count() {
        Counter(label: "captcha.answers", dimensions: [("outcome", rawValue)]).increment()
    }
}
