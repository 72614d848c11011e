/// The form of log lines.
public enum LogFormat: String, CaseIterable, Sendable {
    /// `[2026-11-23 05:56:57,123: INFO/MainProcess] text key=value`: the shape of a Celery worker's lines, local time.
    case human
    /// One JSON object a line: `ts` (RFC 3339, UTC), `level`, `logger`, `message`, `metadata`.
    case json
    /// A record of systemd's journal, with fields: `MESSAGE`, `PRIORITY`, `LOGGER`, and one for each value, such as
    /// `SMS_REQUEST_ID`.
    case journal
}
