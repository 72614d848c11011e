// The floor of `Scripts/bench queue`: what the worker's own steps inside Redis cost when nothing else is done.
// With hiredis and one blocking connection it claims a batch and settles it, one after the other. The steps are those
// of the worker, read from Sources/TaskQueue/Scripts when the program starts.
#include "../CBenchmark/yardstick.h"

enum { batch_size = 64, most_arguments = 16 + batch_size };
static const char worker[] = "floor@localhost:00000000";
static const char lease_milliseconds[] = "7000";
static const double renewal_seconds = 2;

struct command {
    int count;
    const char *arguments[most_arguments];
    size_t lengths[most_arguments];
};

// The digests of the scripts.
struct scripts {
    char *renew, *claim, *settle;
};

// The names of a queue's keys, as in QueueKeys.swift.
struct keys {
    char *waiting[4];
    char *paused, *arriving, *claimed, *workers, *statistics;
};

struct queue {
    redisContext *context;
    struct scripts scripts;
    struct keys keys;
    double lease_renewed;
    long long next_claim;
};

// What was claimed: numbers from the first one on, one for each message of the reply.
struct claims {
    redisReply *reply;
    long long first;
    int count;
};

struct totals {
    long long jobs;
    double seconds;
    double cpu_seconds;
};

static const char usage[] =
    "usage: CQueueBenchmark --scripts FOLDER [--host HOST --port PORT] [--queue NAME] [--jobs JOBS [--warm-up JOBS]]\n"
    "Works until the queue is empty, or measures some jobs.\n";

static char *text(const char *format, ...) __attribute__((format(printf, 1, 2)));

static char *text(const char *format, ...) {
    char *result;
    va_list arguments;
    va_start(arguments, format);
    if (vasprintf(&result, format, arguments) < 0) fail("out of memory");
    va_end(arguments);
    return result;
}

// MARK: - Commands

static void add(struct command *command, const char *argument, size_t length) {
    if (command->count == most_arguments) fail("a command has too many arguments");
    command->arguments[command->count] = argument;
    command->lengths[command->count] = length;
    command->count++;
}

static void add_text(struct command *command, const char *argument) {
    add(command, argument, strlen(argument));
}

static redisReply *reply_to(redisContext *context, const struct command *command) {
    return reply_to_arguments(context, command->count, command->arguments, command->lengths);
}

// MARK: - Scripts

static char *contents_of(const char *folder, const char *name) {
    char *path = text("%s/%s.lua", folder, name), *contents = NULL;
    size_t capacity = 0;
    FILE *file = fopen(path, "r");
    if (file == NULL) fail("cannot open %s", path);
    if (getdelim(&contents, &capacity, '\0', file) < 0) fail("cannot read %s", path);
    fclose(file);
    free(path);
    return contents;
}

// The text is put together as in QueueScripts.swift.
static char *load_script(redisContext *context, const char *folder, const char *name) {
    char *lists = contents_of(folder, "lists"), *step = contents_of(folder, name);
    char *script = text("#!lua flags=allow-oom\n%s%s", lists, step);
    struct command load = {0};
    add_text(&load, "SCRIPT");
    add_text(&load, "LOAD");
    add_text(&load, script);
    redisReply *reply = reply_to(context, &load);
    char *digest = text("%s", reply->str);
    freeReplyObject(reply);
    free(script);
    free(step);
    free(lists);
    return digest;
}

static struct keys keys_of(const char *queue) {
    return (struct keys){
        .waiting = {
            text("%s", queue), text("%s\x06\x16" "3", queue), text("%s\x06\x16" "6", queue),
            text("%s\x06\x16" "9", queue),
        },
        .paused = text("{%s}:paused", queue),
        .arriving = text("{%s}:arriving:%s", queue, worker),
        .claimed = text("{%s}:claimed:%s", queue, worker),
        .workers = text("{%s}:workers", queue),
        .statistics = text("{%s}:stats", queue),
    };
}

// MARK: - The worker's steps: keys and arguments are those that the heads of the scripts name

static void renew(struct queue *queue) {
    struct command command = {0};
    add_text(&command, "EVALSHA");
    add_text(&command, queue->scripts.renew);
    add_text(&command, "1");
    add_text(&command, queue->keys.workers);
    add_text(&command, worker);
    add_text(&command, lease_milliseconds);
    freeReplyObject(reply_to(queue->context, &command));
    queue->lease_renewed = now();
}

static struct claims claim(struct queue *queue, int at_most) {
    struct claims claims = {.first = queue->next_claim};
    char *limit = text("%d", at_most), *first = text("%lld", claims.first);
    struct command command = {0};
    add_text(&command, "EVALSHA");
    add_text(&command, queue->scripts.claim);
    add_text(&command, "9");
    for (int band = 0; band < 4; band++) add_text(&command, queue->keys.waiting[band]);
    add_text(&command, queue->keys.paused);
    add_text(&command, queue->keys.arriving);
    add_text(&command, queue->keys.claimed);
    add_text(&command, queue->keys.workers);
    add_text(&command, queue->keys.statistics);
    add_text(&command, worker);
    add_text(&command, limit);
    add_text(&command, first);
    claims.reply = reply_to(queue->context, &command);
    free(first);
    free(limit);
    // A word, the server's time, what came from the lines of tasks with limits; then the messages.
    if (claims.reply->type != REDIS_REPLY_ARRAY || claims.reply->elements < 3 ||
        strcmp(claims.reply->element[0]->str, "claimed") != 0)
        fail("the claim is refused");
    claims.count = (int)claims.reply->elements - 3;
    queue->next_claim += claims.count;
    return claims;
}

static void settle(struct queue *queue, struct claims claims) {
    char numbers[batch_size][24];
    struct command command = {0};
    add_text(&command, "EVALSHA");
    add_text(&command, queue->scripts.settle);
    add_text(&command, "2");
    add_text(&command, queue->keys.claimed);
    add_text(&command, queue->keys.statistics);
    add_text(&command, "succeeded");
    add_text(&command, "0");
    for (int index = 0; index < claims.count; index++) {
        snprintf(numbers[index], sizeof(numbers[index]), "%lld", claims.first + index);
        add_text(&command, numbers[index]);
    }
    redisReply *reply = reply_to(queue->context, &command);
    if (reply->type != REDIS_REPLY_INTEGER || reply->integer != claims.count)
        fail("a claim was not the worker's own");
    freeReplyObject(reply);
}

static void leave(struct queue *queue) {
    struct command command = {0};
    add_text(&command, "ZREM");
    add_text(&command, queue->keys.workers);
    add_text(&command, worker);
    freeReplyObject(reply_to(queue->context, &command));
}

// MARK: - Measuring

// Does so many jobs, or as many as there are.
static struct totals work(struct queue *queue, long long jobs) {
    struct totals totals = {0};
    double cpu_start = cpu_now(), start = now();
    while (totals.jobs < jobs) {
        if (now() - queue->lease_renewed > renewal_seconds) renew(queue);
        long long missing = jobs - totals.jobs;
        struct claims claims = claim(queue, missing < batch_size ? (int)missing : batch_size);
        if (claims.count > 0) settle(queue, claims);
        freeReplyObject(claims.reply);
        if (claims.count == 0) break;
        totals.jobs += claims.count;
    }
    totals.seconds = now() - start;
    totals.cpu_seconds = cpu_now() - cpu_start;
    return totals;
}

int main(int argc, char **argv) {
    static const struct option options[] = {
        {"scripts", required_argument, NULL, 's'}, {"host", required_argument, NULL, 'h'},
        {"port", required_argument, NULL, 'p'},    {"queue", required_argument, NULL, 'q'},
        {"jobs", required_argument, NULL, 'j'},    {"warm-up", required_argument, NULL, 'w'},
        {NULL, 0, NULL, 0},
    };
    const char *folder = NULL, *host = "127.0.0.1", *name = "celery";
    long long jobs = 0, warm_up = 0;
    int port = 6379, option;
    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        switch (option) {
        case 's': folder = optarg; break;
        case 'h': host = optarg; break;
        case 'p': port = atoi(optarg); break;
        case 'q': name = optarg; break;
        case 'j': jobs = atoll(optarg); break;
        case 'w': warm_up = atoll(optarg); break;
        default: fputs(usage, stderr); return EXIT_FAILURE;
        }
    }
    if (optind != argc || folder == NULL || jobs < 0 || warm_up < 0) {
        fputs(usage, stderr);
        return EXIT_FAILURE;
    }

    struct queue queue = {.context = redisConnect(host, port), .keys = keys_of(name), .next_claim = 1};
    if (queue.context == NULL) fail("out of memory");
    if (queue.context->err != 0) fail("cannot connect: %s", queue.context->errstr);
    queue.scripts = (struct scripts){
        .renew = load_script(queue.context, folder, "renew"),
        .claim = load_script(queue.context, folder, "claim"),
        .settle = load_script(queue.context, folder, "settle"),
    };
    renew(&queue);
    work(&queue, warm_up);
    struct totals totals = work(&queue, jobs > 0 ? jobs : (long long)1 << 62);
    if (totals.jobs < jobs) fail("the queue had only %lld jobs", totals.jobs);
    leave(&queue);
    redisFree(queue.context);
    printf(
        "{\"jobs\": %lld, \"seconds\": %.6f, \"cpuSeconds\": %.6f}\n", totals.jobs, totals.seconds,
        totals.cpu_seconds);
    return EXIT_SUCCESS;
}
