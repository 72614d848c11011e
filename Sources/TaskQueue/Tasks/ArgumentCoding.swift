internal import FoundationEssentials

/// Arguments between Swift values and the message's JSON.
enum ArgumentCoding {
    /// The positional arguments as a JSON array; null for a name that the value leaves out.
    ///
    /// - Throws: ``ArgumentWithoutPlace``, or what the value throws.
    static func positional<Arguments: TaskArguments>(_ arguments: Arguments) throws -> [UInt8] {
        var values: [String: ArraySlice<UInt8>] = [:]
        if let written = try ArgumentEncoder.values(of: arguments) {
            if written.elementsEqual(Arguments.parameterNames, by: { $0.name == $1 }) {
                return JSONText.array(of: written.map { $0.json[...] })
            }
            for (name, json) in written { values[name] = json[...] }
        } else {
            for (name, value) in try JSONText([UInt8](JSONEncoder().encode(arguments))).members {
                values[name] = value.bytes
            }
        }
        for name in values.keys where !Arguments.parameterNames.contains(name) {
            throw ArgumentWithoutPlace(type: "\(Arguments.self)", name: name)
        }
        return JSONText.array(of: Arguments.parameterNames.map { values[$0] ?? ArraySlice("null".utf8) })
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
        let decoder = ArgumentDecoder(values: try values(type.parameterNames, of: message))
        do {
            do {
                return try Arguments(from: decoder)
            } catch is ArgumentDecoder.NeedsWholeDecoder {
                return try JSONDecoder().decode(type, from: Data(decoder.object))
            }
        } catch let error as DecodingError {
            throw MessageRefusal(.arguments, "\(message.task): \(describe(error))")
        } catch {
            throw MessageRefusal(.arguments, "\(message.task): the arguments cannot be decoded")
        }
    }

    /// Each parameter with what the message gives for it, by position or by name.
    private static func values(
        _ names: [String], of message: TaskMessage
    ) throws(MessageRefusal) -> [(name: String, value: JSONText?)] {
        let positional = message.arguments.elements
        guard positional.count <= names.count else {
            throw MessageRefusal(.arguments, "\(message.task) takes \(names.count) arguments, got \(positional.count)")
        }
        var values = names.enumerated().map { index, name in
            (name: name, value: index < positional.count ? positional[index] : nil)
        }
        guard message.namedArguments.bytes.count > 2 else { return values }
        for (name, value) in message.namedArguments.members {
            guard let index = names.firstIndex(of: name) else {
                throw MessageRefusal(.arguments, "\(message.task) has no argument of the name that was given")
            }
            if index >= positional.count { values[index].value = value }
        }
        return values
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

/// A property of a task's arguments is not among its ``TaskArguments/parameterNames``, so it would not be sent.
public struct ArgumentWithoutPlace: Error, Equatable, CustomStringConvertible {
    /// The arguments' type.
    public var type: String
    /// The property's coding key.
    public var name: String

    public var description: String {
        "\(type).parameterNames has no \"\(name)\": list every coding key there, in the order of the arguments"
    }
}
