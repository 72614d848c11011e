import Foundation

/// Folders that belong to one helper object, which removes its own.
enum TemporaryFolder {
    static func make(_ name: String) throws -> String {
        var template = Array("/tmp/\(name)-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw TestError("cannot make a temporary folder in /tmp") }
        return String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
