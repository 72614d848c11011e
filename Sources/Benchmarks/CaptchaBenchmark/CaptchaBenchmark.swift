import ArgumentParser
import CaptchaImage
import FoundationEssentials
import Glibc

/// Draws pictures through the public API of `CaptchaImage` alone, as the service does, and measures what they cost.
@main
struct CaptchaBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "CaptchaBenchmark",
        abstract: "Draws captchas into a folder. Scripts/bench captcha lets programs read them.",
        discussion: "Each file is named by its number and its text; prints one line of JSON.")

    @Argument(
        help: "The design: \(CaptchaDesignName.allCases.map(\.rawValue).joined(separator: ", ")).",
        transform: CaptchaDesignName.init(named:))
    var design: CaptchaDesignName

    @Argument(help: "The folder, which must exist.")
    var folder: String

    @Option(help: "How many pictures to draw.")
    var pictures = 300

    @Option(help: "The characters of the texts.")
    var alphabet: String

    @Option(help: "The number of characters. (default: what the design is made for)")
    var length: Int?

    func run() throws {
        let renderer = try CaptchaRenderer(design: design.design())
        let lengths = length.map { $0...$0 } ?? design.lengths
        var nanoseconds: UInt64 = 0
        // The first picture pays for what is made once in a process; a service has long paid for it.
        _ = try renderer.png(of: Self.text(alphabet, lengths))
        for number in 1...pictures {
            let text = Self.text(alphabet, lengths)
            let start = Self.processorTime()
            let file = try renderer.png(of: text)
            nanoseconds += Self.processorTime() - start
            try Data(file).write(to: URL(filePath: "\(folder)/\(number)-\(text).png"))
        }
        let milliseconds = Double(nanoseconds) / Double(pictures) / 1e6
        let isAsMeant = lengths == design.lengths
        print(
            """
            {"design": "\(design.rawValue)", "isAsMeant": \(isAsMeant), "cpuMilliseconds": \(milliseconds)}
            """)
    }

    private static func text(_ alphabet: String, _ lengths: ClosedRange<Int>) -> String {
        String((0..<Int.random(in: lengths)).compactMap { _ in alphabet.randomElement() })
    }

    /// The processor time of this process so far, in nanoseconds, user and system.
    private static func processorTime() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
