/// A task's arguments as one Swift value.
///
/// On the wire they are Celery's positional arguments, in the order of ``parameterNames``. A message may name some or
/// all of them instead (`kwargs`), as a Python call may.
///
/// ```swift
/// struct Greeting: TaskArguments {
///     var name: String
///     var times: Int
///     static let parameterNames = ["name", "times"]
/// }
/// ```
public protocol TaskArguments: Codable, Sendable {
    /// All coding keys, in the order of the positional arguments. A value with a key that is not here cannot be sent.
    static var parameterNames: [String] { get }
    /// What logs and monitors may show of the arguments, one text each. All hidden by default.
    var displayed: [String] { get }
}

extension TaskArguments {
    public var displayed: [String] { Self.parameterNames.map { _ in "***" } }
}

/// A task without arguments.
public struct NoArguments: TaskArguments {
    public static let parameterNames: [String] = []
    /// No arguments.
    public init() {}
}

/// A task without a result: it arrives as `None` in Python.
public struct NoResult: Encodable, Sendable {
    /// No result.
    public init() {}
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encodeNil()
    }
}
