/// What kind of error the server answered with: the first word of its text, by Redis' convention.
///
/// Any word is possible, also one that a script made up; the known ones have names here and remedies in the text of
/// ``RedisError``.
public struct ServerErrorKind: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
    /// The word, such as `READONLY`.
    public let rawValue: String

    /// Makes a kind of the server's word.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// Any error without a kind of its own.
    public static let generic = ServerErrorKind(rawValue: "ERR")
    /// The server reads its data after a start, or after a replica got a copy.
    public static let loading = ServerErrorKind(rawValue: "LOADING")
    /// The server is a replica and takes no writes.
    public static let readOnly = ServerErrorKind(rawValue: "READONLY")
    /// The server is a replica that has lost its master and may not answer with old data.
    public static let masterDown = ServerErrorKind(rawValue: "MASTERDOWN")
    /// The keys of the command are just being moved between Cluster nodes.
    public static let tryAgain = ServerErrorKind(rawValue: "TRYAGAIN")
    /// The server cannot save its data to disk and takes no writes.
    public static let misconfigured = ServerErrorKind(rawValue: "MISCONF")
    /// The server is at `maxmemory` and takes no writes.
    public static let outOfMemory = ServerErrorKind(rawValue: "OOM")
    /// A script or module runs for too long and blocks the server.
    public static let busy = ServerErrorKind(rawValue: "BUSY")
    /// The server wants a password first.
    public static let notAuthenticated = ServerErrorKind(rawValue: "NOAUTH")
    /// User or password is wrong.
    public static let wrongPassword = ServerErrorKind(rawValue: "WRONGPASS")
    /// The ACL user may not run this command or touch this key.
    public static let noPermission = ServerErrorKind(rawValue: "NOPERM")
    /// The server does not know the script's digest.
    public static let noScript = ServerErrorKind(rawValue: "NOSCRIPT")
    /// The key holds another type of value.
    public static let wrongType = ServerErrorKind(rawValue: "WRONGTYPE")
    /// Too few replicas are connected for a write (`min-replicas-to-write`).
    public static let noReplicas = ServerErrorKind(rawValue: "NOREPLICAS")
    /// A Cluster node that does not know who has the key.
    public static let clusterDown = ServerErrorKind(rawValue: "CLUSTERDOWN")
    /// A blocked command was ended because the server became a replica or was told to end it with an error.
    public static let unblocked = ServerErrorKind(rawValue: "UNBLOCKED")

    public var description: String { rawValue }

    /// True when the same command may succeed later, once the server or whoever runs it has mended the cause.
    var isTransient: Bool {
        switch self {
        case .loading, .readOnly, .masterDown, .tryAgain, .misconfigured, .outOfMemory, .busy, .noReplicas,
            .clusterDown, .unblocked:
            true
        default: false
        }
    }

    /// The server answers so before it begins to run a script.
    var comesBeforeScripts: Bool {
        switch self {
        case .noScript, .noPermission, .notAuthenticated, .wrongPassword: true
        default: isTransient
        }
    }

    /// What helps, in a few words; nil where the server's own text must do.
    var remedy: String? {
        switch self {
        case .loading: "the server is reading its data after a start; wait"
        case .readOnly: "this server is a replica; point the URL at the master, or at its sentinels"
        case .masterDown: "the replica has lost its master; check replication"
        case .tryAgain: "the key's slot is being moved; try again"
        case .misconfigured: "the server cannot save to disk; free space, then see its log"
        case .outOfMemory: "the server is at maxmemory; raise it or remove data"
        case .busy: "a script runs too long on the server; see SCRIPT KILL"
        case .notAuthenticated: "put the password into the URL: redis://:password@host"
        case .wrongPassword: "check user and password in the URL"
        case .noPermission: "the ACL user may not do this; see ACL GETUSER and ACL LOG"
        case .noScript: "the server does not know the script; run it whole, or by RedisScript"
        case .wrongType: "the key holds another type of value; see TYPE"
        case .noReplicas: "too few replicas are connected; check replication and min-replicas-to-write"
        case .clusterDown: "the cluster does not serve this key; see CLUSTER INFO"
        case .unblocked: "the server ended the wait, as in a failover; try again"
        default: nil
        }
    }
}
