import Testing

@testable import RedisClient

@Suite struct HandshakeTests {
    private func handshake(
        _ url: String, mustBeMaster: Bool = false, wantsClientID: Bool = false
    ) throws -> Handshake {
        Handshake(
            RedisConfiguration(url: try RedisURL(url)), mustBeMaster: mustBeMaster, wantsClientID: wantsClientID)
    }

    private func commands(_ handshake: Handshake) -> [String] {
        String(decoding: handshake.bytes, as: UTF8.self).split(separator: "*").map { command in
            command.split(separator: "\r\n").dropFirst().enumerated().filter { !$0.offset.isMultiple(of: 2) }
                .map { String($0.element) }.joined(separator: " ")
        }
    }

    private func failure(_ outcome: Handshake.Outcome) -> RedisError? {
        if case .failed(let error) = outcome { return error }
        return nil
    }

    @Test func saysOnlyWhatIsNeeded() throws {
        #expect(commands(try handshake("redis://h")) == ["CLIENT SETNAME swift", "PING"])
        let url = "redis://u:p@h/3?client_name=my%20app&protocol=3"
        #expect(
            commands(try handshake(url, mustBeMaster: true, wantsClientID: true)) == [
                "AUTH u p", "HELLO 3", "SELECT 3", "CLIENT SETNAME my-app", "CLIENT ID", "ROLE", "PING",
            ])
        #expect(commands(try handshake("redis://:p@h")).first == "AUTH p")
    }

    @Test func learnsItsNumberAndIsDoneWithTheLastReply() throws {
        var handshake = try handshake("redis://h", wantsClientID: true)
        guard case .unfinished = handshake.receive(.status("OK")) else { return #expect(Bool(false)) }
        guard case .unfinished = handshake.receive(.integer(17)) else { return #expect(Bool(false)) }
        guard case .done = handshake.receive(.status("PONG")) else { return #expect(Bool(false)) }
        #expect(handshake.clientID == 17)
    }

    @Test func aReplicaIsNoMaster() throws {
        var handshake = try handshake("redis://h", mustBeMaster: true)
        _ = handshake.receive(.status("OK"))
        let error = failure(handshake.receive(.array([.bytes(Array("slave".utf8))])))
        #expect(error?.serverError == .readOnly)
        #expect(error?.message.contains("is a slave now") == true)
    }

    @Test(arguments: ["NOPERM this user has no permissions", "ERR unknown command", "MISCONF cannot save"])
    func whatIsForComfortMayBeRefused(_ refusal: String) throws {
        var handshake = try handshake("redis://h", mustBeMaster: true, wantsClientID: true)
        for _ in 0..<3 { #expect(failure(handshake.receive(.error(refusal))) == nil) }
        guard case .done = handshake.receive(.error(refusal)) else { return #expect(Bool(false)) }
        #expect(handshake.clientID == nil)
    }

    @Test(arguments: [("redis://h", "NOAUTH Authentication required."), ("redis://h", "LOADING Redis is loading")])
    func whoCannotServeIsNotReady(_ url: String, _ refusal: String) throws {
        var handshake = try handshake(url)
        #expect(failure(handshake.receive(.error(refusal)))?.message.contains(refusal) == true)
    }

    @Test func aRefusedDatabaseOrPasswordEndsIt() throws {
        var database = try handshake("redis://h/99")
        #expect(failure(database.receive(.error("ERR DB index is out of range"))) != nil)
        var password = try handshake("redis://:x@h")
        #expect(failure(password.receive(.error("WRONGPASS invalid")))?.serverError == .wrongPassword)
    }
}
