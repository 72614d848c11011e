import Foundation

/// The path of a program that the tests need; the error says which Debian package has it.
public func tool(_ name: String, package: String) throws -> String {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
    let candidates = path.split(separator: ":").map { "\($0)/\(name)" }
    guard let found = candidates.first(where: FileManager.default.isExecutableFile) else {
        throw TestError("\(name) is not installed: apt-get install \(package)")
    }
    return found
}
