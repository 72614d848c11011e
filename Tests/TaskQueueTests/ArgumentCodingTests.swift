import Testing

@testable import TaskQueue

@Suite struct ArgumentCodingTests {
    private struct Everything: TaskArguments, Equatable {
        var text = "短信 \"/\\\n"
        var flag = true
        var whole = -5
        var small: Int8 = -128
        var large = UInt64.max
        var fraction = 0.1
        var round = 2.0
        var short: Float = 1.5
        var missing: String?
        var list = ["a", "b"]
        var inner = Inner()

        static let parameterNames = [
            "text", "flag", "whole", "small", "large", "fraction", "round", "short", "missing", "list", "inner",
        ]
    }

    private struct Inner: Codable, Sendable, Equatable {
        var x: Int? = 1
        var y: [String: Bool] = ["z": false]
    }

    private func message(_ arguments: some TaskArguments) throws -> TaskMessage {
        let task = OutgoingTask(
            task: "test", queue: "celery", arguments: try ArgumentCoding.positional(arguments))
        return try TaskMessage(task.encoded())
    }

    @Test func eachKindOfValueIsWrittenAsPythonExpectsIt() throws {
        let text = String(decoding: try ArgumentCoding.positional(Everything()), as: UTF8.self)
        #expect(
            text == #"""
                ["短信 \"/\\\n",true,-5,-128,18446744073709551615,0.1,2.0,1.5,null,["a","b"],{"x":1,"y":{"z":false}}]
                """#
                || text == #"""
                    ["短信 \"/\\\n",true,-5,-128,18446744073709551615,0.1,2.0,1.5,null,["a","b"],{"y":{"z":false},"x":1}]
                    """#
        )
    }

    @Test func whatWasWrittenIsReadBack() throws {
        #expect(try ArgumentCoding.decode(Everything.self, from: message(Everything())) == Everything())
    }

    @Test func anOptionalArgumentThatIsThereIsWritten() throws {
        var arguments = Everything()
        arguments.missing = "here"
        #expect(try ArgumentCoding.decode(Everything.self, from: message(arguments)) == arguments)
    }

    @Test func aNumberThatJSONCannotSayIsAnError() {
        var arguments = Everything()
        arguments.fraction = .infinity
        #expect(throws: EncodingError.self) { try ArgumentCoding.positional(arguments) }
    }

    @Test func aPropertyThatWouldNotBeSentIsAnError() {
        struct Misspelled: TaskArguments {
            var kind = "a"
            static let parameterNames = ["kynd"]
        }
        #expect(throws: ArgumentWithoutPlace(type: "Misspelled", name: "kind")) {
            try ArgumentCoding.positional(Misspelled())
        }
    }

    @Test func aNumberThatDoesNotFitIsRefused() throws {
        struct Wide: TaskArguments {
            var count: Int
            static let parameterNames = ["count"]
        }
        struct Narrow: TaskArguments {
            var count: UInt8
            static let parameterNames = ["count"]
        }
        for count in [256, -1] {
            let message = try message(Wide(count: count))
            #expect(throws: MessageRefusal.self) { try ArgumentCoding.decode(Narrow.self, from: message) }
        }
        #expect(try ArgumentCoding.decode(Narrow.self, from: message(Wide(count: 255))).count == 255)
    }

    /// Writes and reads its arguments in its own way.
    private struct Nested: TaskArguments, Equatable {
        var inner: String
        var rest: [Int]

        static let parameterNames = ["outer", "rest"]
        private enum Keys: String, CodingKey { case outer, inner, rest }

        init(inner: String, rest: [Int]) {
            self.inner = inner
            self.rest = rest
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Keys.self)
            inner = try container.nestedContainer(keyedBy: Keys.self, forKey: .outer)
                .decode(String.self, forKey: .inner)
            rest = try container.decode([Int].self, forKey: .rest)
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Keys.self)
            var outer = container.nestedContainer(keyedBy: Keys.self, forKey: .outer)
            try outer.encode(inner, forKey: .inner)
            var numbers = container.nestedUnkeyedContainer(forKey: .rest)
            for number in rest { try numbers.encode(number) }
        }
    }

    @Test func aTypeThatCodesItselfIsCodedAsAWhole() throws {
        let nested = Nested(inner: "x", rest: [1, 2])
        #expect(try ArgumentCoding.positional(nested) == Array(#"[{"inner":"x"},[1,2]]"#.utf8))
        #expect(try ArgumentCoding.decode(Nested.self, from: message(nested)) == nested)
    }
}
