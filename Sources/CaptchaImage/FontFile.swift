/// A font file that a design draws with, and the Debian package that installs it, if there is one.
public struct FontFile: Sendable, Equatable {
    /// The name of the file, such as `DejaVuSans-Bold.ttf`, or its whole path, which begins with `/`.
    public var name: String

    /// Where the file may be, below a font folder such as `/usr/share/fonts`; the first that has it wins.
    public var folders: [String]

    /// The Debian package that installs the file; nil for a font of one's own.
    public var package: String?

    /// Describes a font file of a Debian package.
    public init(name: String, folders: [String], package: String) {
        self.name = name
        self.folders = folders
        self.package = package
    }

    /// Describes a font file of one's own, by its whole path.
    public init(path: String) {
        name = path
        folders = []
    }

    /// The folders in which fonts are installed on Debian: by packages, and by hand.
    public static let standardRoots = ["/usr/share/fonts", "/usr/local/share/fonts"]

    /// Five bold faces with different skeletons, with and without serifs, from two small packages.
    public static let boldFaces =
        ["DejaVuSans-Bold", "DejaVuSerif-Bold", "DejaVuSansMono-Bold"].map { face in
            FontFile(name: face + ".ttf", folders: ["truetype/dejavu", "dejavu"], package: "fonts-dejavu-core")
        }
        + ["LiberationSans-Bold", "LiberationSerif-Bold"].map { face in
            FontFile(
                name: face + ".ttf", folders: ["truetype/liberation", "truetype/liberation2", "liberation"],
                package: "fonts-liberation")
        }

    /// What to do when the file is not as it should be; empty for a font of one's own.
    func remedy(_ action: String = "install") -> String {
        package.map { ": apt-get \(action) \($0)" } ?? ""
    }

    /// Every path at which the file may be.
    func candidates(under roots: [String]) -> [String] {
        guard !name.hasPrefix("/") else { return [name] }
        return roots.flatMap { root in folders.map { "\(root)/\($0)/\(name)" } }
    }
}
