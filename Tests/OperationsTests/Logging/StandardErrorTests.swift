import Foundation
import Logging
import Testing

@testable import Operations

@Suite struct StandardErrorTests {
    @Test func theJournalIsKnownByDeviceAndInode() throws {
        let pipe = Pipe()
        let descriptor = pipe.fileHandleForWriting.fileDescriptor
        var status = stat()
        try #require(fstat(descriptor, &status) == 0)
        #expect(StandardError.isJournal(stream: "\(status.st_dev):\(status.st_ino)", descriptor: descriptor))
        #expect(!StandardError.isJournal(stream: "\(status.st_dev):\(status.st_ino + 1)", descriptor: descriptor))
        #expect(!StandardError.isJournal(stream: "", descriptor: descriptor))
        #expect(!StandardError.isJournal(stream: nil, descriptor: descriptor))
    }

    /// Many threads at once: each line arrives whole.
    @Test func linesOfSeveralThreadsDoNotMix() async throws {
        let result = try await #require(processExitsWith: .success, observing: [\.standardErrorContent]) {
            await withTaskGroup(of: Void.self) { group in
                for thread in 0..<8 {
                    group.addTask {
                        let logger = LineLogHandler(label: "x", level: .info, format: .json, isJournal: false)
                        for number in 0..<200 {
                            logger.log(
                                event: .init(
                                    level: .info, message: "\(thread)-\(number)-end", metadata: nil, source: nil,
                                    file: "", function: "", line: 0))
                        }
                    }
                }
            }
        }
        let lines = String(decoding: result.standardErrorContent, as: UTF8.self).split(separator: "\n")
            .filter { $0.contains(#""message":"#) }
        #expect(lines.count == 1_600)
        #expect(lines.allSatisfy { $0.hasPrefix(#"{"ts":""#) && $0.hasSuffix(#"-end"}"#) })
        #expect(Set(lines.compactMap { $0.split(separator: #""message":"#).last }).count == 1_600)
    }

    /// A pipe that nobody reads, and then somebody does.
    @Test(arguments: [100, 10_000]) func aReaderThatHasStoppedIsNotWaitedFor(length: Int) throws {
        let pipe = Pipe()
        let output = LineOutput(descriptor: pipe.fileHandleForWriting.fileDescriptor, patience: .milliseconds(20))
        let line = Array(repeating: UInt8(ascii: "x"), count: length) + [UInt8(ascii: "\n")]
        func write() { output.write(line) { Array("\($0) lost\n".utf8) } }
        let count = 200_000 / length
        for _ in 0..<count { write() }
        let reader = pipe.fileHandleForReading
        var text = try #require(try reader.read(upToCount: 40_000))
        write()
        try pipe.fileHandleForWriting.close()
        text += try reader.readToEnd() ?? Data()
        let lines = String(decoding: text, as: UTF8.self).split(separator: "\n")
        let notice = try #require(lines.dropLast().last)
        let lost = try #require(notice.split(separator: " ").first.flatMap { Int($0) })
        #expect(lost > 0)
        #expect(lines.last?.count == length)
        #expect(lines.filter { $0.count == length }.count == count + 1 - lost)
        #expect(notice == "\(lost) lost")
        // At most one line is torn, and nothing is added to it.
        #expect(lines.filter { $0.count != length && $0 != notice }.count <= 1)
    }
}
