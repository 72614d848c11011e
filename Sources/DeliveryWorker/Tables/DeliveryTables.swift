internal import Operations

/// What may be changed while the worker runs: the meaning of vendors' codes, and the templates of messages.
final class DeliveryTables: Sendable {
    private let codesFile: TableFile<CodeTable>?
    private let templatesFile: TableFile<MessageTemplates>?

    /// Both empty.
    init() {
        codesFile = nil
        templatesFile = nil
    }

    /// In these files; without one, its table is empty.
    ///
    /// - Throws: ``TableError``.
    init(codes: String?, templates: String?) throws(TableError) {
        codesFile = try codes.map { path throws(TableError) in try TableFile(path: path) }
        templatesFile = try templates.map { path throws(TableError) in try TableFile(path: path) }
    }

    /// In the files that the settings name; without one, or when one cannot be used, its table is empty.
    init(_ reader: inout SettingsReader) {
        codesFile = reader.read(.codesFile).flatMap { path in
            reader.step(.codesFile) { try TableFile(path: path) }
        }
        templatesFile = reader.read(.templatesFile).flatMap { path in
            reader.step(.templatesFile) { try TableFile(path: path) }
        }
    }

    var codes: CodeTable { codesFile?.table ?? CodeTable() }
    var templates: MessageTemplates { templatesFile?.table ?? MessageTemplates() }

    /// Reads the code table again.
    ///
    /// - Returns: Whether there is such a file.
    /// - Throws: ``TableError``; what was read before stays in force.
    func reloadCodes() throws(TableError) -> Bool {
        try codesFile?.reload()
        return codesFile != nil
    }

    /// The same for the templates.
    func reloadTemplates() throws(TableError) -> Bool {
        try templatesFile?.reload()
        return templatesFile != nil
    }
}

extension Setting where Value == String? {
    /// What vendors' codes mean: `--codes`, `SMS_CODES_FILE`.
    static var codesFile: Setting {
        .optionalString(
            "codes.file", flag: "--codes",
            help: "File of what providers' codes mean, read again on SIGHUP (default: the product's own tables)")
    }

    /// Which templates and texts messages have: `--templates`, `SMS_TEMPLATES_FILE`.
    static var templatesFile: Setting {
        .optionalString(
            "templates.file", flag: "--templates",
            help: "File of templates by purpose and language, read again on SIGHUP (default: the accounts' own)")
    }
}
