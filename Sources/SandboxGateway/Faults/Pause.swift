internal import NIOCore
internal import ServiceLifecycle

extension EventLoop {
    /// Waits so long, or until the shutdown begins.
    func pause(_ duration: TimeAmount) async {
        let end = scheduleTask(in: duration) {}
        await withTaskCancellationOrGracefulShutdownHandler {
            try? await end.futureResult.get()
        } onCancelOrGracefulShutdown: {
            end.cancel()
        }
    }
}
