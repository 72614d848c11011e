import Foundation
import TestSupport
import Testing

@testable import TaskQueue

/// What is compressed here comes from Python's own modules, which are those that Celery uses.
@Suite struct CompressionTests {
    private static let zlib = "application/x-gzip"
    private static let bzip2 = "application/x-bz2"

    /// What a Python expression of bytes gives.
    private func bytes(_ expression: String) async throws -> [UInt8] {
        let python = try await Program.run(
            tool("python3", package: "python3"),
            ["-c", "import base64, bz2, gzip, zlib; print(base64.b64encode(\(expression)).decode())"])
        let text = python.output.trimmingCharacters(in: .newlines)
        return [UInt8](try #require(Data(base64Encoded: text), "\(python.errorOutput)"))
    }

    private func refusal(_ bytes: [UInt8], as mimeType: String) -> MessageRefusal? {
        do throws(MessageRefusal) {
            _ = try BodyCompression.decompress(bytes, as: mimeType)
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: [
        (zlib, "zlib.compress(text)"), (zlib, "zlib.compress(text, 0)"), (zlib, "gzip.compress(text)"),
        (bzip2, "bz2.compress(text)"), (bzip2, "bz2.compress(text, 1)"),
    ])
    func decompressesWhatPythonCompressed(_ mimeType: String, _ expression: String) async throws {
        for text in ["b''", "b'x'", "bytes(range(256)) * 4096"] {
            let compressed = try await bytes(expression.replacingOccurrences(of: "text", with: text))
            let expected = try await bytes(text)
            #expect(try BodyCompression.decompress(compressed, as: mimeType) == expected, "\(text)")
        }
    }

    @Test(arguments: [(zlib, "zlib.compress"), (zlib, "gzip.compress"), (bzip2, "bz2.compress")])
    func theLargestBodyIsReadAndALargerOneRefused(_ mimeType: String, _ function: String) async throws {
        let largest = try await bytes("\(function)(bytes(\(BodyCompression.largestBody)))")
        #expect(try BodyCompression.decompress(largest, as: mimeType).count == BodyCompression.largestBody)
        for size in [BodyCompression.largestBody + 1, 64 << 20] {
            let bomb = try await bytes("\(function)(bytes(\(size)))")
            let refused = try #require(refusal(bomb, as: mimeType))
            #expect(refused.reason == .compression)
            #expect(refused.message == "the body has more than 16777216 bytes when decompressed")
        }
    }

    @Test(arguments: [(zlib, "zlib.compress"), (zlib, "gzip.compress"), (bzip2, "bz2.compress")])
    func aStreamThatIsCutOffOrHasMoreBehindItIsRefused(_ mimeType: String, _ function: String) async throws {
        let whole = try await bytes("\(function)(b'[[\"13800138000\", \"482913\"], {}, {}]')")
        #expect(refusal(whole, as: mimeType) == nil)
        for length in 0..<whole.count {
            #expect(refusal(Array(whole.prefix(length)), as: mimeType)?.reason == .compression, "\(length)")
        }
        #expect(refusal(whole + [0], as: mimeType)?.reason == .compression)
        #expect(refusal(whole + whole, as: mimeType)?.reason == .compression)
    }

    @Test(arguments: [(zlib, "zlib.compress"), (bzip2, "bz2.compress")])
    func aDamagedStreamIsRefused(_ mimeType: String, _ function: String) async throws {
        let text = Array(#"[["13800138000", "482913"], {}, {}]"#.utf8)
        let whole = try await bytes("\(function)(b'\(String(decoding: text, as: UTF8.self))')")
        for index in whole.indices {
            var damaged = whole
            damaged[index] ^= 0x10
            // Some bits mean nothing: the text is right, or there is none.
            guard let result = try? BodyCompression.decompress(damaged, as: mimeType) else { continue }
            #expect(result == text, "\(index)")
        }
        #expect(refusal(text, as: mimeType)?.message == "the compressed body is cut off or damaged")
        #expect(refusal([], as: mimeType)?.reason == .compression)
    }

    @Test func oneCompressionIsNotTakenForAnother() async throws {
        #expect(refusal(try await bytes("zlib.compress(b'[]')"), as: Self.bzip2)?.reason == .compression)
        #expect(refusal(try await bytes("bz2.compress(b'[]')"), as: Self.zlib)?.reason == .compression)
    }

    @Test(arguments: [
        "gzip", "zlib", "bzip2", "bzip", "application/x-lzma", "application/x-brotli", "application/zstd", "",
    ])
    func otherCompressionsAreRefusedWithTheNamesOfThoseThatAreSupported(_ mimeType: String) throws {
        let refused = try #require(refusal([0x78], as: mimeType))
        #expect(refused.reason == .compression)
        #expect(refused.message.contains(Self.zlib))
        #expect(refused.message.contains(Self.bzip2))
    }

    @Test(arguments: [
        ("null", nil), (#""application/x-gzip""#, MessageRefusal.Reason.compression), ("7", .compression),
    ])
    func theHeaderDecidesWhetherTheBodyIsCompressed(_ header: String, _ reason: MessageRefusal.Reason?) {
        let message =
            #"{"headers":{"task":"t","id":"1","compression":\#(header)},"content-type":"application/json","body":"[[],{},{}]"}"#
        let refused: MessageRefusal.Reason?
        do throws(MessageRefusal) {
            _ = try TaskMessage(Array(message.utf8))
            refused = nil
        } catch {
            refused = error.reason
        }
        #expect(refused == reason)
    }
}
