import Foundation

/// The proxy's sockets, and the one thread that carries bytes between them.
///
/// All is done under one lock, without ever waiting under it: so a change by another thread is complete, and what
/// comes after it is treated by it.
final class Relay: Sendable {
    struct State {
        let serverPort: Int
        let listener: Int32
        var connections: [ProxiedConnection] = []
        var behaviour = FaultProxy.Behaviour.forward
        var repliesBeforeCut: Int?
        var refusesConnections = false
        var acceptedConnections = 0
        var isEnded = false
    }

    private let state: Locked<State>
    /// A pipe whose reading end is among what the thread waits for.
    private let waker = Pipe()

    init?(port: Int, serverPort: Int) {
        guard let listener = Socket.holding(port: port) else { return nil }
        Socket.makeImmediate(listener)
        listen(listener, SOMAXCONN)
        state = Locked(State(serverPort: serverPort, listener: listener))
        Socket.makeImmediate(waker.fileHandleForReading.fileDescriptor)
        Socket.makeImmediate(waker.fileHandleForWriting.fileDescriptor)
    }

    func withState<Result: Sendable>(_ body: (inout State) -> Result) -> Result {
        state.withLock { body(&$0) }
    }

    func change(_ body: (inout State) -> Void) {
        state.withLock { body(&$0) }
        // A pipe that is full wakes as well.
        _ = write(waker.fileHandleForWriting.fileDescriptor, [1], 1)
    }

    func end() { change { $0.end() } }

    func run() {
        let wake = waker.fileHandleForReading.fileDescriptor
        var wakes = [UInt8](repeating: 0, count: 64)
        while var waits = state.withLock({ $0.isEnded ? nil : $0.waits }) {
            waits.append(pollfd(fd: wake, events: Int16(POLLIN), revents: 0))
            poll(&waits, nfds_t(waits.count), -1)
            _ = read(wake, &wakes, wakes.count)
            state.withLock { $0.proceed() }
        }
    }
}

extension Relay.State {
    /// What the next step needs to go on.
    var waits: [pollfd] {
        var waits = [pollfd(fd: refusesConnections ? -1 : listener, events: Int16(POLLIN), revents: 0)]
        // A closed socket is always "ready": in a black hole nothing is to be noticed.
        if case .blackHole = behaviour { return waits }
        for connection in connections { waits += connection.waits }
        return waits
    }

    /// Does all that can be done without waiting.
    mutating func proceed() {
        guard !isEnded else { return }
        acceptConnections()
        for index in connections.indices.reversed() {
            let isOpen = connections[index].proceed(behaviour, repliesBeforeCut: &repliesBeforeCut)
            if !isOpen { connections.remove(at: index).close() }
        }
    }

    private mutating func acceptConnections() {
        while !refusesConnections {
            let client = accept(listener, nil, nil)
            guard client >= 0 else { return }
            acceptedConnections += 1
            guard let server = Socket.connect(port: serverPort) else {
                close(client)
                continue
            }
            connections.append(ProxiedConnection(client: client, server: server))
        }
    }

    mutating func closeConnections() {
        for connection in connections { connection.close() }
        connections = []
    }

    /// A socket that was shut down listens no more, but keeps the port: nobody else can take it meanwhile.
    mutating func refuseConnections(_ refuse: Bool) {
        guard refuse != refusesConnections else { return }
        if refuse { shutdown(listener, Int32(SHUT_RDWR)) } else { listen(listener, SOMAXCONN) }
        refusesConnections = refuse
    }

    mutating func end() {
        closeConnections()
        close(listener)
        isEnded = true
    }
}
