import Logging
import RedisClient
import ServiceLifecycle
import TaskQueue

// What both sides know: the arguments in their order, and the task's name.
struct Greeting: TaskArguments {
    var name: String
    var times: Int
    static let parameterNames = ["name", "times"]
}
let greet = TaskDefinition<Greeting, Int>("greet", options: TaskOptions(expires: .seconds(300)))

let logger = Logger(label: "greetings")
let url = CommandLine.arguments.dropFirst().first ?? "redis://127.0.0.1:6379/3"
let broker = RedisConfiguration(url: try RedisURL(url))

// The producer. When enqueue returns, the task is on the list in Redis.
let client = RedisClient(broker, logger: logger)
try await client.whileRunning {
    let producer = TaskProducer(client: client, queue: "greetings")
    try await producer.enqueue(greet, Greeting(name: "Ada", times: 2))
}

// The worker: until SIGTERM or Ctrl-C, when running tasks get 25 s to finish.
var registry = TaskRegistry()
registry.register(greet) { greeting, context in
    guard !greeting.name.isEmpty else { throw TaskRejection("no-name", "nobody to greet") }
    try await context.confirmClaim()  // right before what cannot be taken back
    for _ in 0..<greeting.times { print("Hello, \(greeting.name)") }
    return greeting.times
}
var configuration = WorkerConfiguration(broker: broker, name: "greeter@localhost")
configuration.queues = ["greetings"]
let worker = TaskWorker(configuration, registry: registry, logger: logger)
try await ServiceGroup(services: [worker], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger).run()
