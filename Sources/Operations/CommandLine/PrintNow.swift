#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif

/// Prints a text to standard output at once, also when that is a file or a pipe.
public func printNow(_ text: String) {
    print(text)
    fflush(nil)
}
