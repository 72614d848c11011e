public import RedisClient

/// Where results of tasks are stored, in Celery's form, for `AsyncResult` and monitors to read.
public struct ResultBackendConfiguration: Sendable {
    /// The Redis that keeps the results; it may be the broker's.
    public var redis: RedisConfiguration
    /// How long a result is kept: `result_expires` in Celery. Zero: for ever.
    public var expiry: Duration = .seconds(86_400)
    /// Put before each key: Celery's `global_keyprefix`, which ends in one of `: _ - .`.
    public var keyPrefix = ""
    /// Also the start of a task is stored, as STARTED: `task_track_started` in Celery.
    public var storesStarts = false

    /// Results for a day, without starts.
    public init(redis: RedisConfiguration) {
        self.redis = redis
    }
}
