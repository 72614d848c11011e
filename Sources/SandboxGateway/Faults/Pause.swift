internal import ServiceLifecycle

/// Waits so long, or until the shutdown begins.
func pause(_ duration: Duration) async {
    await cancelWhenGracefulShutdown { try? await Task.sleep(for: duration) }
}
