internal import FoundationEssentials

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
    /// The coding keys in the order of the positional arguments.
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
    public init() {}
}

/// Arguments between Swift values and the message's JSON.
enum ArgumentCoding {
    /// The positional arguments as a JSON array.
    static func positional<Arguments: TaskArguments>(_ arguments: Arguments) throws -> [UInt8] {
        let object = try JSONText([UInt8](JSONEncoder().encode(arguments)))
        let values = Arguments.parameterNames.map { object[$0]?.bytes ?? ArraySlice("null".utf8) }
        return Array("[".utf8) + values.joined(separator: ",".utf8) + Array("]".utf8)
    }

    /// What logs and monitors show, in the form of a Python tuple.
    static func display(_ arguments: some TaskArguments) -> String {
        let parts = arguments.displayed.map { "'\($0)'" }
        return parts.count == 1 ? "(\(parts[0]),)" : "(\(parts.joined(separator: ", ")))"
    }

    /// The Swift value of a message's arguments.
    static func decode<Arguments: TaskArguments>(
        _ type: Arguments.Type, from message: TaskMessage
    ) throws(MessageRefusal) -> Arguments {
        let names = Arguments.parameterNames
        let positional = message.arguments.elements
        guard positional.count <= names.count else {
            throw MessageRefusal(.arguments, "\(message.task) takes \(names.count) arguments, got \(positional.count)")
        }
        var object = JSONObjectWriter()
        for (name, value) in zip(names, positional) { object.add(name, json: value.bytes) }
        var given = Set(names.prefix(positional.count))
        for (name, value) in message.namedArguments.members.reversed() {
            guard names.contains(name) else {
                throw MessageRefusal(.arguments, "\(message.task) has no argument of the name that was given")
            }
            if given.insert(name).inserted { object.add(name, json: value.bytes) }
        }
        do {
            return try JSONDecoder().decode(type, from: Data(object.finished()))
        } catch let error as DecodingError {
            throw MessageRefusal(.arguments, "\(message.task): \(describe(error))")
        } catch {
            throw MessageRefusal(.arguments, "\(message.task): the arguments cannot be decoded")
        }
    }

    /// Names the argument, never its value.
    private static func describe(_ error: DecodingError) -> String {
        switch error {
        case .keyNotFound(let key, _): "the argument \(key.stringValue) is missing"
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            "the argument \(context.codingPath.first?.stringValue ?? "?") has the wrong type"
        default: "the arguments cannot be decoded"
        }
    }
}
