import Foundation
import SMSProviders
import SandboxGateway
import TestSupport
import Testing

@testable import DeliveryWorker

/// Tables that change while the whole worker runs, against a real broker and the sandbox over HTTP.
@Suite(.timeLimit(.minutes(5))) final class TableReloadTests: Sendable {
    private let folder = URL.temporaryDirectory.appending(path: "tables-\(UUID().uuidString)")

    init() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    /// Puts a file in its place, and gives its path.
    private func file(_ name: String, _ text: String) throws -> String {
        let url = folder.appending(path: name)
        try Data(text.utf8).write(to: url, options: .atomic)
        return url.path
    }

    @Test func aMessageHasTheTextOfItsPurposeAndLanguage() async throws {
        let path = try file(
            "templates",
            """
            text twilio login en Shop: {code} signs you in for {minutes} minutes.\\n\\n@shop.example #{code}
            text twilio *     zh 【商店】验证码{code}，{minutes}分钟内有效，请勿告诉他人。
            """)
        try await DeliverySystem.run(tables: DeliveryTables(codes: nil, templates: path)) {
            [.twilio(SandboxAccount.demo.twilio(at: $0))]
        } _: { system in
            try await system.enqueue("13800138001", "012345", purpose: "login", language: "en-GB")
            try await system.enqueue("13800138002", "012345", purpose: "login", language: "zh-CN")
            try await system.enqueue("13800138003", "012345", purpose: "pay", language: "fr")
            // As a Django view sends it.
            try await system.enqueue("13800138004", "012345")
            try await eventually("all are sent") { try await system.statistic("succeeded") == 4 }
            func text(_ mobile: String) -> String? {
                system.sandbox.inbox.messages().first { $0.mobile.hasSuffix(mobile) }?.text
            }
            #expect(text("13800138001") == "Shop: 012345 signs you in for 5 minutes.\n\n@shop.example #012345")
            #expect(text("13800138002") == "【商店】验证码012345，5分钟内有效，请勿告诉他人。")
            #expect(text("13800138003")?.contains("is your verification code") == true)
            #expect(text("13800138004") == "【商店】验证码012345，5分钟内有效，请勿告诉他人。")
        }
    }

    @Test func aCodeThatMeansSomethingElseHasOtherConsequences() async throws {
        let path = try file("codes", "yuntongxun 160038 bad_number blocked")
        let tables = try DeliveryTables(codes: path, templates: nil)
        try await DeliverySystem.run(tables: tables) {
            [.yuntongxun(SandboxAccount.demo.yuntongxun(at: $0))]
        } _: { system in
            try await system.enqueue("13800138000", "012345")
            try await eventually("the first is sent") { try await system.statistic("succeeded") == 1 }
            try await system.enqueue("13800138000", "012345")
            try await eventually("the second is given up") { try await system.statistic("dead") == 1 }
            #expect(try await system.deathReasons() == ["bad_number"])
        }
    }

    @Test func underLoadNewTablesAreTakenOverAndNoJobIsLost() async throws {
        let path = try file("templates", "text twilio * * Old: {code}")
        let tables = try DeliveryTables(codes: nil, templates: path)
        try await DeliverySystem.run(tables: tables) {
            [.twilio(SandboxAccount.demo.twilio(at: $0))]
        } _: { system in
            let jobs = 300
            async let enqueued: Void = {
                for number in 0..<jobs { try await system.enqueue("1380013\(1000 + number)", "012345") }
            }()
            var turn = 0
            while try await system.statistic("succeeded") < jobs {
                turn += 1
                // Every third file has a mistake, and changes nothing.
                _ = try file("templates", turn.isMultiple(of: 3) ? "text" : "text twilio * * New \(turn): {code}")
                #expect((try? tables.reloadTemplates()) == (turn.isMultiple(of: 3) ? nil : true))
                try await Task.sleep(for: .milliseconds(2))
            }
            try await enqueued
            let messages = system.sandbox.inbox.messages(to: nil, limit: 1000)
            #expect(Set(messages.map(\.mobile)).count == jobs)
            #expect(messages.count == jobs)
            #expect(messages.allSatisfy { $0.text.hasSuffix(": 012345") })
            #expect(Set(messages.map(\.text)).count > 1, "it was reloaded meanwhile")
            #expect(try await system.statistic("dead") == 0)
            #expect(try await system.statistic("retried") == 0)
        }
    }

    @Test func aFileWithAMistakeKeepsTheOldTableAndNamesTheLine() throws {
        let codes = try file("codes", "sns X ok")
        let templates = try file("templates", "text sns * * Old: {code}")
        let tables = try DeliveryTables(codes: codes, templates: templates)
        func chosen() -> String? { tables.templates.chosen(purpose: "a", language: "b")["sns"]?.text }

        _ = try file("codes", "# fine\nsns X good")
        _ = try file("templates", "text sns * * New: {code}")
        let error = try #require(throws: TableError.self) { try tables.reloadCodes() }
        #expect(error.description.hasPrefix("line 2: unknown class good"))
        #expect(error.description.contains(codes))
        let result = SendResult(.retry(.channel), vendorCode: "X", detail: "")
        #expect(tables.codes.reinterpreted(result, of: "sns").outcome == .accepted)
        #expect(try tables.reloadTemplates() && chosen() == "New: {code}")

        try FileManager.default.removeItem(atPath: templates)
        let missing = try #require(throws: TableError.self) { try tables.reloadTemplates() }
        #expect(missing.description == "cannot read \(templates): No such file or directory; correct path or rights")
        #expect(chosen() == "New: {code}")
    }

    @Test func withoutAFileThereIsNothingToReload() throws {
        #expect(try !DeliveryTables().reloadCodes() && !DeliveryTables().reloadTemplates())
    }
}
