/// A TCP port of 127.0.0.1 that nothing listens on.
///
/// It lies below the kernel's range for outgoing connections: a client that keeps knocking at the port of a
/// stopped server can therefore never be given that same port as its own, and connect to itself.
public func freePort() throws -> Int {
    for _ in 0..<200 {
        let port = Int.random(in: 12_000..<32_000)
        if Socket.canListen(port: port) { return port }
    }
    throw TestError("found no free TCP port on 127.0.0.1 between 12000 and 32000")
}
