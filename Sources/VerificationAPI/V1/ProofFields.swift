import SMSVerification

/// The proof in a request's body: a picture's answer, work, or both.
struct ProofFields: Decodable {
    struct Work: Decodable {
        var challenge: String
        var solution: String
    }

    var captchaId: String?
    var captchaAnswer: String?
    var proofOfWork: Work?

    private enum CodingKeys: String, CodingKey {
        case captchaId = "captcha_id"
        case captchaAnswer = "captcha_answer"
        case proofOfWork = "proof_of_work"
    }

    /// What of it is good on its face. The picture's answer is compared, and the work spent, where both are used up.
    ///
    /// - Throws: A ``Problem``: the fields do not go together, or the work is not good.
    func proof(of client: ClientToken, _ work: WorkIssuer) throws(Problem) -> Proof {
        var proof = Proof()
        switch (captchaId, captchaAnswer) {
        case (nil, nil): break
        case (let id?, let answer?):
            // What was never a picture of ours is refused as one that is gone.
            guard let id = PictureID(id) else { throw Problem.refusedProof }
            proof.picture = (id, answer)
        default:
            throw Problem(.invalidRequest, detail: "captcha_id and captcha_answer: send both or none.")
        }
        if let solved = proofOfWork {
            guard let spend = work.check(challenge: solved.challenge, solution: solved.solution, of: client) else {
                throw Problem.refusedProof
            }
            proof.work = spend
        }
        return proof
    }
}

extension Problem {
    static let refusedProof = Problem(
        .proofRefused,
        detail: "The picture's answer or the proof of work is wrong, too old or used. Take a new one.")

    static let noProof = Problem(
        .proofRequired,
        detail: "Send the answer to a picture of POST /v1/captchas, or work for a challenge of POST /v1/proof-of-work.",
        members: ["needs": .texts(["captcha"]), "pressure": .number(0)])

    /// Without its client no proof is good.
    static let noClient = Problem(
        .proofRequired,
        detail: "The request has no cookie sms_client and no client_token as POST /v1/captchas gives them. Send "
            + "that one, and its picture's answer.",
        members: ["needs": .texts(["captcha"]), "pressure": .number(0)])

    static let ended = Problem(
        .verificationEnded,
        detail: "It has expired, was used, was tried too often, or belongs to another number, purpose or client.")
}
