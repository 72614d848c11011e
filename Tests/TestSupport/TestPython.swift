import Foundation

/// The Python that the tests use, with the real Celery and the other packages of `requirements.txt`.
public enum TestPython {
    /// The root folder of this package's checkout.
    public static let packageFolder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

    /// The interpreter of the virtual environment that `Scripts/test` makes.
    public static func interpreter() throws -> String {
        let path = "\(packageFolder)/.build/test-python/bin/python"
        guard FileManager.default.isExecutableFile(atPath: path) else {
            throw TestError(
                """
                there is no \(path): run Scripts/test, or python3 -m venv .build/test-python && \
                .build/test-python/bin/pip install -r Tests/EndToEndTests/requirements.txt
                """)
        }
        return path
    }
}
