import Testing

@testable import TaskQueue

@Suite struct JSONTextTests {
    private func parse(_ text: String) throws -> JSONText { try JSONText(Array(text.utf8)) }

    @Test func looksIntoObjectsAndArrays() throws {
        let json = try parse(#" { "a" : [1, "x", {"b": null}] , "c": true, "a": -2.5e3 } "#)
        #expect(json.members.map(\.name) == ["a", "c", "a"])
        #expect(json["a"]?.bytes.elementsEqual("-2.5e3".utf8) == true, "of equal names the last one counts")
        #expect(json["c"]?.boolean == true)
        #expect(try parse(#"[1,"x",{"b":null}]"#).elements.map(\.kind) == [.number, .string, .object])
        #expect(json["missing"] == nil)
    }

    @Test(arguments: [
        (#""plain 短信""#, "plain 短信"), (#""\u77ed\u4fe1""#, "短信"), (#""\ud83d\ude00!""#, "😀!"),
        (#""a\"\\\/\b\f\n\r\tz""#, "a\"\\/\u{8}\u{c}\n\r\tz"), (#""\ud800x""#, "\u{FFFD}x"), (#""""#, ""),
    ])
    func readsStrings(_ text: String, _ value: String) throws {
        #expect(try parse(text).string == value)
    }

    @Test(arguments: [
        "", "{", "[1,]", "{\"a\":}", "{a:1}", "NaN", "[Infinity]", "01", "1.", "tru", "\"\u{1}\"", "\"\\x\"",
        "\"\\u12g4\"",
        "[1] 2", "'a'", "{\"a\" 1}", "-",
    ])
    func refusesWhatIsNotJSON(_ text: String) {
        #expect(throws: JSONSyntaxError.self) { try parse(text) }
    }

    @Test func refusesNestingThatWouldExhaustTheStack() {
        let deep = String(repeating: "[", count: 100_000)
        #expect(throws: JSONSyntaxError.self) { try parse(deep) }
    }

    @Test func settingMembersKeepsTheOthersByteForByte() throws {
        let json = try parse(#"{"big":123456789012345678901234567890,"n":1.0,"e":{},"l":[]}"#)
        let changed = json.setting([("n", Array("2".utf8)), ("new", Array("null".utf8))])
        #expect(
            String(decoding: changed, as: UTF8.self)
                == #"{"big":123456789012345678901234567890,"n":2,"e":{},"l":[],"new":null}"#)
    }

    @Test func writesStringsThatReadBack() throws {
        let text = "quote \" back \\ line \n tab \t bell \u{7} 中文 😀"
        #expect(try JSONText(JSONString.encode(text)).string == text)
    }
}
