import ArgumentParser
import QueueTool

@main
enum QueueProgram {
    static func main() async {
        await QueueCommand.main()
    }
}
