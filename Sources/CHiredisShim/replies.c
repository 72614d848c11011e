#include "CHiredisShim.h"

#include <stdlib.h>

#define CHIREDIS_TEXT(x) #x
#define CHIREDIS_NUMBER(x) CHIREDIS_TEXT(x)

const char *chiredis_version(void) {
    return CHIREDIS_NUMBER(HIREDIS_MAJOR) "." CHIREDIS_NUMBER(HIREDIS_MINOR) "." CHIREDIS_NUMBER(HIREDIS_PATCH);
}

// hiredis only asks whether the object that a builder function returns is NULL, so one address serves them all.
static char built;

static struct chiredis_listener *listener_of(const redisReadTask *task) {
    return task->privdata;
}

static void *build_text(const redisReadTask *task, char *bytes, size_t length) {
    struct chiredis_listener *listener = listener_of(task);
    enum chiredis_text_kind kind = CHIREDIS_BULK;
    switch (task->type) {
    case REDIS_REPLY_STATUS: kind = CHIREDIS_STATUS; break;
    case REDIS_REPLY_ERROR: kind = CHIREDIS_ERROR; break;
#if HIREDIS_MAJOR >= 1
    case REDIS_REPLY_BIGNUM: kind = CHIREDIS_BIG_NUMBER; break;
    case REDIS_REPLY_VERB: kind = CHIREDIS_VERBATIM; break;
#endif
    }
    listener->text(listener->owner, kind, bytes, length);
    return &built;
}

static void *build_integer(const redisReadTask *task, long long value) {
    struct chiredis_listener *listener = listener_of(task);
    listener->integer(listener->owner, value);
    return &built;
}

static void *build_null(const redisReadTask *task) {
    struct chiredis_listener *listener = listener_of(task);
    listener->null(listener->owner);
    return &built;
}

#if HIREDIS_MAJOR >= 1
static void *build_aggregate(const redisReadTask *task, size_t count) {
    struct chiredis_listener *listener = listener_of(task);
    enum chiredis_aggregate_kind kind = CHIREDIS_ARRAY;
    switch (task->type) {
    case REDIS_REPLY_MAP: kind = CHIREDIS_MAP; break;
    case REDIS_REPLY_SET: kind = CHIREDIS_SET; break;
    case REDIS_REPLY_PUSH: kind = CHIREDIS_PUSH; break;
    case REDIS_REPLY_ATTR: kind = CHIREDIS_ATTRIBUTE; break;
    }
    listener->aggregate(listener->owner, kind, count);
    return &built;
}

static void *build_floating(const redisReadTask *task, double value, char *bytes, size_t length) {
    (void)bytes;
    (void)length;
    struct chiredis_listener *listener = listener_of(task);
    listener->floating(listener->owner, value);
    return &built;
}

static void *build_boolean(const redisReadTask *task, int value) {
    struct chiredis_listener *listener = listener_of(task);
    listener->boolean(listener->owner, value);
    return &built;
}

int chiredis_reads_resp3(void) {
    return 1;
}
#else
static void *build_aggregate(const redisReadTask *task, int count) {
    struct chiredis_listener *listener = listener_of(task);
    listener->aggregate(listener->owner, CHIREDIS_ARRAY, count < 0 ? 0 : (size_t)count);
    return &built;
}

int chiredis_reads_resp3(void) {
    return 0;
}
#endif

static void free_nothing(void *object) {
    (void)object;
}

static redisReplyObjectFunctions builder = {
    .createString = build_text,
    .createArray = build_aggregate,
    .createInteger = build_integer,
#if HIREDIS_MAJOR >= 1
    .createDouble = build_floating,
    .createBool = build_boolean,
#endif
    .createNil = build_null,
    .freeObject = free_nothing,
};

redisReader *chiredis_reader_create(struct chiredis_listener *listener) {
    redisReader *reader = redisReaderCreateWithFunctions(&builder);
    if (reader != NULL) reader->privdata = listener;
    return reader;
}

void chiredis_context_listen(redisContext *context, struct chiredis_listener *listener) {
    context->reader->fn = &builder;
    context->reader->privdata = listener;
}

int chiredis_reader_next(redisReader *reader) {
    void *reply = NULL;
    if (redisReaderGetReply(reader, &reply) != REDIS_OK) return -1;
    return reply != NULL;
}

const char *chiredis_reader_error(redisReader *reader) {
    return reader->errstr;
}
