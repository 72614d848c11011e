import Foundation
import TestSupport
import Testing

/// `Scripts/install` and `Scripts/package`, into a folder; the programs are stand-ins.
@Suite(.timeLimit(.minutes(5))) struct InstallScriptTests {
    private static let installed = [
        "etc/sms-queue", "etc/sms-queue/credentials", "etc/sms-queue/credentials/api",
        "etc/sms-queue/credentials/worker", "etc/sms-queue/environment", "etc/systemd/system/sms-api.service",
        "etc/systemd/system/sms-worker.service", "etc/systemd/system/sms-worker@.service", "usr/local/bin/sms-api",
        "usr/local/bin/sms-queue", "usr/local/bin/sms-worker",
    ]

    private let folder = "/tmp/sms-install-\(UUID().uuidString)"
    private let root: String
    private let programs: String

    init() throws {
        root = "\(folder)/root"
        programs = "\(folder)/programs"
        try FileManager.default.createDirectory(atPath: programs, withIntermediateDirectories: true)
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
        for name in ["sms-api", "sms-worker", "sms-queue"] {
            try FileManager.default.copyItem(atPath: "/bin/true", toPath: "\(programs)/\(name)")
        }
    }

    private func script(_ name: String, _ arguments: [String]) async throws -> Program.Finished {
        try await Program.run("\(TestPython.packageFolder)/Scripts/\(name)", arguments)
    }

    private func install(_ arguments: String...) async throws -> Program.Finished {
        try await script("install", ["--from", programs, "--root", root] + arguments)
    }

    /// Files, and folders of our own, below the root.
    private func contents() throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: root).filter { path in
            var isFolder: ObjCBool = false
            _ = FileManager.default.fileExists(atPath: "\(root)/\(path)", isDirectory: &isFolder)
            return !isFolder.boolValue || path.contains("sms-queue")
        }.sorted()
    }

    private func mode(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: "\(root)/\(path)")[.posixPermissions] as? Int
    }

    private func withFolder(_ body: () async throws -> Void) async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await body()
    }

    @Test func itInstallsProgramsUnitsAndAFirstConfiguration() async throws {
        try await withFolder {
            let first = try await install()
            #expect(first.status == .code(0), "\(first.errorOutput)")
            #expect(try contents() == Self.installed)
            #expect(try mode("usr/local/bin/sms-worker") == 0o755)
            #expect(try mode("etc/systemd/system/sms-worker.service") == 0o644)
            #expect(try mode("etc/sms-queue/environment") == 0o600)
            #expect(try mode("etc/sms-queue/credentials/worker") == 0o700)
            // Nothing of it is a setting yet.
            let environment = try String(contentsOfFile: "\(root)/etc/sms-queue/environment", encoding: .utf8)
            #expect(environment.split(separator: "\n").allSatisfy { $0.hasPrefix("#") })
        }
    }

    @Test func asecondTimeItChangesOnlyWhatIsDifferent() async throws {
        try await withFolder {
            _ = try await install()
            try "SMS_PROVIDER=aliyun\n".write(
                toFile: "\(root)/etc/sms-queue/environment", atomically: true, encoding: .utf8)
            try FileManager.default.removeItem(atPath: "\(programs)/sms-api")
            try FileManager.default.copyItem(atPath: "/bin/false", toPath: "\(programs)/sms-api")
            let second = try await install()
            #expect(second.status == .code(0))
            #expect(second.outputLines("file") == ["\(root)/usr/local/bin/sms-api"])
            #expect(second.outputLines("unchanged").count == 5)
            #expect(FileManager.default.contentsEqual(atPath: "/bin/false", andPath: "\(root)/usr/local/bin/sms-api"))
            let environment = try String(contentsOfFile: "\(root)/etc/sms-queue/environment", encoding: .utf8)
            #expect(environment == "SMS_PROVIDER=aliyun\n")
        }
    }

    @Test func aDryRunSaysEverythingAndDoesNothing() async throws {
        try await withFolder {
            let dry = try await install("--dry-run")
            #expect(dry.status == .code(0))
            #expect(try contents().isEmpty)
            for path in Self.installed { #expect(dry.output.contains("\(root)/\(path)"), "\(path)") }
            _ = try await install()
            let removal = try await install("--uninstall", "--dry-run")
            #expect(removal.output.contains("would run: rm -f \(root)/usr/local/bin/sms-worker"))
            #expect(try contents() == Self.installed)
        }
    }

    @Test func removalLeavesSettingsAndSecrets() async throws {
        try await withFolder {
            _ = try await install()
            let removal = try await install("--uninstall")
            #expect(removal.status == .code(0))
            #expect(try contents() == Self.installed.filter { $0.hasPrefix("etc/sms-queue") })
            #expect(removal.outputLines("kept").first?.hasPrefix("\(root)/etc/sms-queue") == true)
            #expect(try await install("--uninstall").status == .code(0))
        }
    }

    @Test func withoutABuildItSaysHowToMakeOne() async throws {
        try await withFolder {
            try FileManager.default.removeItem(atPath: "\(programs)/sms-worker")
            let failed = try await install()
            #expect(failed.status == .code(1))
            #expect(failed.errorOutput.contains("swift build -c release --static-swift-stdlib"))
            #expect(try contents().isEmpty)
            #expect(try await install("--into").status == .code(1))
        }
    }

    @Test func thePackageHoldsTheSameWithPathsOfAPackage() async throws {
        let dpkg = try tool("dpkg-deb", package: "dpkg")
        try await withFolder {
            let made = try await script("package", ["--from", programs, folder])
            #expect(made.status == .code(0), "\(made.errorOutput)")
            let files = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".deb") }
            let package = "\(folder)/\(try #require(files.first))"
            let fields = try await Program.run(dpkg, ["--field", package, "Package", "Depends"])
            #expect(fields.output.contains("Package: sms-queue"))
            #expect(fields.output.contains("libc6"))
            let extracted = try await Program.run(dpkg, ["--extract", package, "\(folder)/extracted"])
            #expect(extracted.status == .code(0))
            let unit = try String(
                contentsOfFile: "\(folder)/extracted/usr/lib/systemd/system/sms-worker.service", encoding: .utf8)
            #expect(unit.contains("ExecStart=/usr/bin/sms-worker"))
            #expect(FileManager.default.isExecutableFile(atPath: "\(folder)/extracted/usr/bin/sms-api"))
            let control = try await Program.run(dpkg, ["--info", package, "conffiles"])
            #expect(control.output == "/etc/sms-queue/environment\n")
        }
    }
}

extension Program.Finished {
    /// The rest of each line of the output that begins with that word.
    fileprivate func outputLines(_ word: String) -> [String] {
        output.split(separator: "\n").filter { $0.hasPrefix("\(word) ") }.map {
            String($0.dropFirst(word.count).drop { $0 == " " })
        }
    }
}
