internal import Hummingbird
internal import NIOCore

/// What the sandbox's routes know of a request beside the request itself.
struct SandboxContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// The connection that the request came over.
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }
}
