import ArgumentParser
import QueueTool

@main
enum QueueProgram {
    static func main() async {
        if let fault = QueueCommand.unknownSubcommand(in: Array(CommandLine.arguments.dropFirst())) {
            QueueCommand.exit(withError: ValidationError(fault))
        }
        await QueueCommand.main()
    }
}
