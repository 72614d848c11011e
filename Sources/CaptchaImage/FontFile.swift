/// A font file that a design draws with, and the Debian package that installs it.
public struct FontFile: Sendable, Equatable {
    /// The name of the file, such as `DejaVuSans-Bold.ttf`.
    public var name: String

    /// Where the file may be, below a font folder such as `/usr/share/fonts`; the first that has it wins.
    public var folders: [String]

    /// The Debian package that installs the file.
    public var package: String

    /// Describes a font file.
    public init(name: String, folders: [String], package: String) {
        self.name = name
        self.folders = folders
        self.package = package
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

    /// Every path at which the file may be.
    func candidates(under roots: [String]) -> [String] {
        roots.flatMap { root in folders.map { "\(root)/\($0)/\(name)" } }
    }
}
