// What the yardsticks in C share: how they give up, and their clocks. Include it first.
#ifndef YARDSTICK_H
#define YARDSTICK_H

#define _GNU_SOURCE  // getopt_long, asprintf and the program's name, also with -std=c11
#include "../../CHiredis/shim.h"

#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

static void fail(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));

static void fail(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fprintf(stderr, "%s: ", program_invocation_short_name);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(EXIT_FAILURE);
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static double seconds_of(struct timeval time) {
    return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

static double cpu_now(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime);
}

// The reply to a command, which is no error.
static redisReply *reply_to_arguments(
    redisContext *context, int count, const char *const *arguments, const size_t *lengths) {
    redisReply *reply = redisCommandArgv(context, count, (const char **)arguments, lengths);
    if (reply == NULL) fail("%s", context->errstr);
    if (reply->type == REDIS_REPLY_ERROR) fail("%s", reply->str);
    return reply;
}

#endif
