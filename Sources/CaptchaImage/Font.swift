import CFreeType

/// An open font file. The value owns both FreeType handles and closes them when it ends.
struct Font: ~Copyable {
    private let library: FT_Library
    private let face: FT_Face
    private let path: String

    /// Opens the first of a font's candidate files that exists.
    init(_ file: FontFile, roots: [String]) throws(CaptchaImageError) {
        var library: FT_Library?
        guard FT_Init_FreeType(&library) == 0, let library else {
            throw CaptchaImageError(.drawingFailed, "FreeType did not start")
        }
        for path in file.candidates(under: roots) {
            var face: FT_Face?
            let status = FT_New_Face(library, path, 0, &face)
            if status == 0, let face {
                self.library = library
                self.face = face
                self.path = path
                return
            }
            if status != FT_Error(FT_Err_Cannot_Open_Resource) {
                FT_Done_FreeType(library)
                throw CaptchaImageError(
                    .fontUnreadable,
                    "\(path) is not a font that FreeType reads (error \(status))\(file.remedy("install --reinstall"))")
            }
        }
        FT_Done_FreeType(library)
        let place = file.folders.isEmpty ? "there" : "under \(roots.joined(separator: " or "))"
        throw CaptchaImageError(.fontMissing, "font \(file.name) is not \(place)\(file.remedy())")
    }

    deinit {
        FT_Done_Face(face)
        FT_Done_FreeType(library)
    }

    /// The outline of a character, one high and centred on the origin.
    func outline(of character: Character) throws(CaptchaImageError) -> Outline {
        let code = character.unicodeScalars.first.map { FT_ULong($0.value) } ?? 0
        let index = FT_Get_Char_Index(face, code)
        guard index != 0, FT_Load_Glyph(face, index, FT_Int32(FT_LOAD_NO_SCALE)) == 0 else {
            throw CaptchaImageError(.fontUnreadable, "\(path) has no outline for \(character)")
        }
        var tracer = OutlineTracer(unitsPerEm: Double(face.pointee.units_per_EM))
        guard tracer.trace(&face.pointee.glyph.pointee.outline) == 0 else {
            throw CaptchaImageError(.fontUnreadable, "\(path) has a damaged outline for \(character)")
        }
        return tracer.normalised()
    }
}
