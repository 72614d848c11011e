import Foundation

/// A Redis user as the guide for production shows it, with the password `secret`.
public enum DocumentedUser {
    /// The words after `ACL SETUSER` for the user of that name.
    public static func words(_ name: String) throws -> [String] {
        let page = "\(TestPython.packageFolder)/Sources/Operations/Operations.docc/Production.md"
        let lines = try String(contentsOfFile: page, encoding: .utf8).split(separator: "\n")
        guard let line = lines.first(where: { $0.hasPrefix("user \(name) on >… ") }) else {
            throw TestError("the guide shows no user \(name)")
        }
        return line.replacing(">…", with: ">secret").split(separator: " ").dropFirst().map(String.init)
    }
}
