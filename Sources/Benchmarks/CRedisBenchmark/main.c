// The yardstick of `Scripts/bench redis`: what a plain C program reaches with hiredis and one blocking connection.
// It formats a batch of commands, sends them in one write, and reads and checks their replies.
#include "../CBenchmark/yardstick.h"

// The same in RedisBenchmark, so that both programs ask the same of the server.
enum { value_length = 500 };
static const char string_key[] = "benchmark:string";
static const char counter_key[] = "benchmark:counter";
static const char script[] = "local n = redis.call('INCR', KEYS[1]) return {n, ARGV[1]}";

enum { most_arguments = 5 };

struct command {
    int count;
    const char *arguments[most_arguments];
    size_t lengths[most_arguments];
    int (*is_right)(const redisReply *);
};

struct totals {
    unsigned long long operations;
    double seconds;
    double cpu_seconds;
};

static const char usage[] =
    "usage: CRedisBenchmark set|get|evalsha [--depth COMMANDS] [--seconds SECONDS] [--warm-up SECONDS]\n"
    "                       [--socket PATH | --host HOST --port PORT]\n";

static long most_resident_kibibytes(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

// MARK: - Commands

static int is_ok(const redisReply *reply) {
    return reply->type == REDIS_REPLY_STATUS && strcmp(reply->str, "OK") == 0;
}

static int is_value(const redisReply *reply) {
    return reply->type == REDIS_REPLY_STRING && reply->len == value_length;
}

static int is_number_and_value(const redisReply *reply) {
    return reply->type == REDIS_REPLY_ARRAY && reply->elements == 2 &&
           reply->element[0]->type == REDIS_REPLY_INTEGER && is_value(reply->element[1]);
}

static void add(struct command *command, const char *argument, size_t length) {
    command->arguments[command->count] = argument;
    command->lengths[command->count] = length;
    command->count++;
}

static void add_text(struct command *command, const char *text) {
    add(command, text, strlen(text));
}

static redisReply *reply_to(redisContext *context, const struct command *command) {
    return reply_to_arguments(context, command->count, command->arguments, command->lengths);
}

static char *load_script(redisContext *context) {
    struct command load = {0};
    add_text(&load, "SCRIPT");
    add_text(&load, "LOAD");
    add_text(&load, script);
    redisReply *reply = reply_to(context, &load);
    char *digest = strdup(reply->str);
    if (digest == NULL) fail("out of memory");
    freeReplyObject(reply);
    return digest;
}

static struct command make_set(const char *value) {
    struct command set = {.is_right = is_ok};
    add_text(&set, "SET");
    add_text(&set, string_key);
    add(&set, value, value_length);
    return set;
}

static struct command make_command(const char *operation, redisContext *context, const char *value) {
    if (strcmp(operation, "set") == 0) return make_set(value);
    struct command command = {0};
    if (strcmp(operation, "get") == 0) {
        struct command set = make_set(value);
        freeReplyObject(reply_to(context, &set));
        add_text(&command, "GET");
        add_text(&command, string_key);
        command.is_right = is_value;
    } else if (strcmp(operation, "evalsha") == 0) {
        add_text(&command, "EVALSHA");
        add_text(&command, load_script(context));
        add_text(&command, "1");
        add_text(&command, counter_key);
        add(&command, value, value_length);
        command.is_right = is_number_and_value;
    } else {
        fail("there is no operation %s\n%s", operation, usage);
    }
    return command;
}

// MARK: - Measuring

static void run_batch(redisContext *context, const struct command *command, int depth) {
    for (int index = 0; index < depth; index++) {
        if (redisAppendCommandArgv(
                context, command->count, (const char **)command->arguments, command->lengths) != REDIS_OK)
            fail("%s", context->errstr);
    }
    // The first redisGetReply writes the whole batch.
    for (int index = 0; index < depth; index++) {
        void *reply = NULL;
        if (redisGetReply(context, &reply) != REDIS_OK) fail("%s", context->errstr);
        if (!command->is_right(reply)) fail("a reply is not the one that belongs to %s", command->arguments[0]);
        freeReplyObject(reply);
    }
}

static struct totals run(redisContext *context, const struct command *command, int depth, double seconds) {
    struct totals totals = {0};
    double cpu_start = cpu_now(), start = now();
    do {
        run_batch(context, command, depth);
        totals.operations += (unsigned long long)depth;
        totals.seconds = now() - start;
    } while (totals.seconds < seconds);
    totals.cpu_seconds = cpu_now() - cpu_start;
    return totals;
}

int main(int argc, char **argv) {
    static const struct option options[] = {
        {"depth", required_argument, NULL, 'd'},   {"seconds", required_argument, NULL, 's'},
        {"warm-up", required_argument, NULL, 'w'}, {"socket", required_argument, NULL, 'u'},
        {"host", required_argument, NULL, 'h'},    {"port", required_argument, NULL, 'p'},
        {NULL, 0, NULL, 0},
    };
    const char *socket = NULL, *host = "127.0.0.1";
    int depth = 64, port = 6379, option;
    double seconds = 1, warm_up = 0.2;
    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        switch (option) {
        case 'd': depth = atoi(optarg); break;
        case 's': seconds = atof(optarg); break;
        case 'w': warm_up = atof(optarg); break;
        case 'u': socket = optarg; break;
        case 'h': host = optarg; break;
        case 'p': port = atoi(optarg); break;
        default: fputs(usage, stderr); return EXIT_FAILURE;
        }
    }
    if (optind != argc - 1 || depth < 1 || seconds <= 0) {
        fputs(usage, stderr);
        return EXIT_FAILURE;
    }

    redisContext *context = socket != NULL ? redisConnectUnix(socket) : redisConnect(host, port);
    if (context == NULL) fail("out of memory");
    if (context->err != 0) fail("cannot connect: %s", context->errstr);

    char value[value_length];
    memset(value, 'x', sizeof(value));
    struct command command = make_command(argv[optind], context, value);
    run(context, &command, depth, warm_up);
    struct totals totals = run(context, &command, depth, seconds);
    redisFree(context);
    printf(
        "{\"operations\": %llu, \"seconds\": %.6f, \"cpuSeconds\": %.6f, \"maximumResidentKibibytes\": %ld}\n",
        totals.operations, totals.seconds, totals.cpu_seconds, most_resident_kibibytes());
    return EXIT_SUCCESS;
}
