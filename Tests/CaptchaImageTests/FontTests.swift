import CaptchaImage
import Foundation
import Testing

struct FontTests {
    /// A folder of fonts that lasts as long as the value.
    private final class FontFolder {
        let url = FileManager.default.temporaryDirectory.appending(path: "fonts-\(UUID().uuidString)")

        init() throws {
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        }

        deinit {
            try? FileManager.default.removeItem(at: url)
        }
    }

    private struct OneFont: CaptchaDesign {
        var fonts: [FontFile]

        func drawing(
            of characters: [[Outline]], using generator: inout some RandomNumberGenerator
        ) -> CaptchaDrawing {
            CaptchaDrawing(width: 1, height: 1, outlines: [], penWidth: 1)
        }
    }

    @Test func aMissingFontNamesThePackageThatInstallsIt() throws {
        let folder = try FontFolder()
        let error = try #require(throws: CaptchaImageError.self) {
            try CaptchaRenderer(fontRoots: [folder.url.path, "/nowhere"])
        }
        #expect(error.code == .fontMissing)
        #expect(
            error.message == "font DejaVuSans-Bold.ttf is not under \(folder.url.path) or /nowhere: "
                + "apt-get install fonts-dejavu-core")
    }

    @Test func aDamagedFontNamesItsFileAndPackage() throws {
        let folder = try FontFolder()
        let file = folder.url.appending(path: "Broken.ttf")
        try Data("not a font".utf8).write(to: file)
        let design = OneFont(fonts: [FontFile(name: "Broken.ttf", folders: ["."], package: "fonts-broken")])
        let error = try #require(throws: CaptchaImageError.self) {
            try CaptchaRenderer(design: design, fontRoots: [folder.url.path])
        }
        #expect(error.code == .fontUnreadable)
        #expect(error.message.contains("Broken.ttf"))
        #expect(error.message.contains("apt-get install --reinstall fonts-broken"))
    }

    @Test(arguments: FontFile.boldFaces)
    func everyFaceIsInstalled(file: FontFile) throws {
        #expect(throws: Never.self) { try CaptchaRenderer(design: OneFont(fonts: [file])) }
    }

    @Test func aFontIsFoundInTheLaterFoldersToo() throws {
        var file = FontFile.boldFaces[0]
        file.folders.insert("nowhere", at: 0)
        #expect(throws: Never.self) {
            try CaptchaRenderer(design: OneFont(fonts: [file]), fontRoots: ["/nowhere", "/usr/share/fonts"])
        }
    }

    @Test func aFontOfOnesOwnIsFoundByItsPath() throws {
        let path = "/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf"
        let own = try CaptchaRenderer(design: OneFont(fonts: [FontFile(path: path)]), fontRoots: ["/nowhere"])
        #expect(throws: Never.self) { try own.png(of: "KM36") }
    }

    @Test func aMissingFontOfOnesOwnIsNamedByItsPath() throws {
        let error = try #require(throws: CaptchaImageError.self) {
            try CaptchaRenderer(design: OneFont(fonts: [FontFile(path: "/nowhere/Own.ttf")]))
        }
        #expect(error.code == .fontMissing)
        #expect(error.message == "font /nowhere/Own.ttf is not there")
    }

    @Test func aDesignNeedsAFont() throws {
        let error = try #require(throws: CaptchaImageError.self) { try CaptchaRenderer(design: OneFont(fonts: [])) }
        #expect(error.code == .fontMissing)
        #expect(error.message == "a captcha design needs at least one font")
    }
}
