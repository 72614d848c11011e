public import Logging
public import TaskQueue

/// The id that ties together what is logged of one request, from the call of the API to the gateway: the job that a request
/// sends has the request's id, and gateways are told the job's.
public enum RequestID {
    /// The request, or the job, that the current Swift task works for.
    @TaskLocal public static var current: TaskID?

    /// Adds it to log records as `request-id`.
    public static let metadataProvider = Logger.MetadataProvider {
        current.map { ["request-id": "\($0)"] } ?? [:]
    }
}
