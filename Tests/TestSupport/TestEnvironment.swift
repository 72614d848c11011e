public import Foundation

/// A part that a test needs is not on this machine, or does not start. Its text says what to do.
public struct MissingPart: Error, CustomStringConvertible {
    public let description: String

    public init(_ description: String) {
        self.description = description
    }
}

/// Where things are while tests run.
public enum TestEnvironment {
    /// The package's folder.
    public static let packageRoot = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// The folder with the programs that were built together with the tests.
    public static var products: URL {
        // The test bundle lies beside the programs; the process that runs it may be a helper from the toolchain.
        for argument in CommandLine.arguments where argument.contains(".xctest") {
            return URL(filePath: argument).deletingLastPathComponent()
        }
        return Bundle.main.bundleURL
    }

    /// A program of this package.
    public static func product(_ name: String) throws -> String {
        let path = products.appending(path: name).path(percentEncoded: false)
        guard FileManager.default.isExecutableFile(atPath: path) else {
            throw MissingPart("\(path) is not built: run Scripts/test, or swift build --build-tests")
        }
        return path
    }

    /// A program of the system.
    public static func systemProgram(_ name: String, package: String) throws -> String {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
        for folder in folders {
            let path = "\(folder)/\(name)"
            if FileManager.default.isExecutableFile(atPath: path) { return path }
        }
        throw MissingPart("\(name) is not installed: apt-get install \(package)")
    }

    /// The Python interpreter with the packages of `Tests/EndToEndTests/requirements.txt`, Celery among them.
    public static func python() throws -> String {
        let path = packageRoot.appending(path: ".build/test-python/bin/python").path(percentEncoded: false)
        guard FileManager.default.isExecutableFile(atPath: path) else {
            throw MissingPart(
                "\(path) is missing: run Scripts/test, or python3 -m venv .build/test-python && "
                    + ".build/test-python/bin/pip install -r Tests/EndToEndTests/requirements.txt")
        }
        return path
    }

    /// A TCP port of 127.0.0.1 that was free a moment ago.
    public static func freePort() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw MissingPart("the system has no socket left") }
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(descriptor, generic, length) == 0 ? getsockname(descriptor, generic, &length) : -1
            }
        }
        guard result == 0 else { throw MissingPart("no free port on 127.0.0.1") }
        return Int(UInt16(bigEndian: address.sin_port))
    }
}
