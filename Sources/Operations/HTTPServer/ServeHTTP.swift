public import Hummingbird
public import HummingbirdCore
public import Logging
import NIOCore

/// Serves HTTP until the service is told to stop.
///
/// - Parameters:
///   - router: Answers the requests.
///   - address: Where it listens.
///   - listeningPort: Is told the port as soon as the server listens, or else why it never will.
///   - server: How connections are handled, by default as HTTP/1.1.
///   - name: What answers call the server; nil: nothing.
///   - mostConnections: So many are open at once; others wait until one of them has ended. Nil: any number.
///   - logger: For what goes wrong. The server's own start and stop lines are told from debug on: each program has
///     better ones.
///   - whenListening: Is told the port as well.
/// - Throws: ``ListenError`` when it cannot listen there; what else has ended the server.
public func serveHTTP<Router: HTTPResponderBuilder>(
    _ router: Router, on address: ListenAddress, telling listeningPort: ListeningPort,
    server: HTTPServerBuilder = .http1(), name: String? = nil, mostConnections: Int? = nil, logger: Logger,
    whenListening: @escaping @Sendable (Int) -> Void = { _ in }
) async throws where Router.Responder.Context: InitializableFromSource<ApplicationRequestContextSource> {
    var quiet = logger
    if quiet.logLevel > .debug { quiet.logLevel = max(quiet.logLevel, .warning) }
    let application = Application(
        router: router, server: server,
        configuration: ApplicationConfiguration(
            address: .hostname(address.host, port: address.port), serverName: name,
            availableConnectionsDelegate: mostConnections.map { MaximumAvailableConnections($0) }),
        onServerRunning: { channel in
            let port = channel.localAddress?.port ?? 0
            whenListening(port)
            listeningPort.bound(port)
        }, logger: quiet)
    do {
        try await withListenErrors(at: address) { try await application.run() }
    } catch {
        listeningPort.failed(error)
        throw error
    }
    listeningPort.failed(CancellationError())
}
