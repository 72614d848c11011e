internal import Hummingbird
internal import NIOCore

/// What travels with one request of the console.
struct ConsoleContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// The address at the other end of the connection.
    let peer: String
    /// The visit, known once the request has passed the guard.
    var session: ConsoleSession?
    /// A page that is open already asks how things stand now.
    var isRefresh = false

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        peer = source.channel.remoteAddress?.ipAddress ?? "?"
    }

    var maxUploadSize: Int { 256 * 1024 }
}
