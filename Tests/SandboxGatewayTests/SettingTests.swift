import Operations
import SandboxGateway
import Testing

@Suite struct SettingTests {
    /// One configuration file serves all programs: each must know the others' keys, but for the one that names the file.
    @Test func eachOneIsKnownToAllPrograms() {
        #expect(SandboxProgram.settings.map(\.key).filter { !SystemKeys.all.contains($0) } == ["config"])
    }
}
