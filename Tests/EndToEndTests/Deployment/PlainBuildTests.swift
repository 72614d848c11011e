import Foundation
import Testing

/// `swift build` compiles all targets but those of tests.
@Suite struct PlainBuildTests {
    @Test func noTargetThatItCompilesImportsTesting() throws {
        let package = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..").standardized
        let tests = package.appending(path: "Tests")
        let others = try FileManager.default.contentsOfDirectory(at: tests, includingPropertiesForKeys: nil)
            .filter { !$0.lastPathComponent.hasSuffix("Tests") }
        #expect(others.contains { $0.lastPathComponent == "TestSupport" })
        for folder in others + [package.appending(path: "Sources")] {
            let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
            for case let file as URL in files ?? .init() where file.pathExtension == "swift" {
                let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
                #expect(!lines.contains { $0.hasSuffix("import Testing") }, "a static build has none: \(file.path)")
            }
        }
    }
}
