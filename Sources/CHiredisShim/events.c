#define _GNU_SOURCE
#include "CHiredisShim.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

static uint32_t to_epoll(int readiness) {
    uint32_t events = 0;
    if (readiness & CHIREDIS_READABLE) events |= EPOLLIN;
    if (readiness & CHIREDIS_WRITABLE) events |= EPOLLOUT;
    return events;
}

static int from_epoll(uint32_t events) {
    int readiness = 0;
    if (events & EPOLLIN) readiness |= CHIREDIS_READABLE;
    if (events & EPOLLOUT) readiness |= CHIREDIS_WRITABLE;
    if (events & (EPOLLERR | EPOLLHUP)) readiness |= CHIREDIS_BROKEN;
    return readiness;
}

static int control(int poller, int operation, int descriptor, int readiness) {
    struct epoll_event event = {.events = to_epoll(readiness), .data.fd = descriptor};
    return epoll_ctl(poller, operation, descriptor, &event);
}

int chiredis_poller_create(void) {
    return epoll_create1(EPOLL_CLOEXEC);
}

int chiredis_poller_add(int poller, int descriptor, int readiness) {
    return control(poller, EPOLL_CTL_ADD, descriptor, readiness);
}

int chiredis_poller_change(int poller, int descriptor, int readiness) {
    return control(poller, EPOLL_CTL_MOD, descriptor, readiness);
}

int chiredis_poller_remove(int poller, int descriptor) {
    return control(poller, EPOLL_CTL_DEL, descriptor, 0);
}

int chiredis_poller_wait(int poller, struct chiredis_event *events, int capacity, int timeout_milliseconds) {
    struct epoll_event found[64];
    if (capacity > 64) capacity = 64;
    int count = epoll_wait(poller, found, capacity, timeout_milliseconds);
    // A process that was stopped and goes on finds its wait interrupted, though much may have come meanwhile.
    if (count < 0 && errno == EINTR) count = epoll_wait(poller, found, capacity, 0);
    for (int i = 0; i < count; i++) {
        events[i].descriptor = found[i].data.fd;
        events[i].readiness = from_epoll(found[i].events);
    }
    return count < 0 ? 0 : count;  // interrupted again: the caller comes back
}

int chiredis_waker_create(void) {
    return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
}

void chiredis_waker_signal(int waker) {
    uint64_t one = 1;
    ssize_t ignored = write(waker, &one, sizeof(one));  // full means that it is signalled already
    (void)ignored;
}

void chiredis_waker_clear(int waker) {
    uint64_t count;
    ssize_t ignored = read(waker, &count, sizeof(count));
    (void)ignored;
}

struct start {
    void (*body)(void *);
    void *argument;
    char name[16];
};

static void *run_start(void *pointer) {
    struct start start = *(struct start *)pointer;
    free(pointer);
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, NULL);
    pthread_setname_np(pthread_self(), start.name);
    start.body(start.argument);
    return NULL;
}

int chiredis_thread_start(const char *name, void (*body)(void *), void *argument) {
    struct start *start = calloc(1, sizeof(*start));
    if (start == NULL) return ENOMEM;
    start->body = body;
    start->argument = argument;
    strncpy(start->name, name, sizeof(start->name) - 1);
    pthread_t thread;
    int error = pthread_create(&thread, NULL, run_start, start);
    if (error != 0) {
        free(start);
        return error;
    }
    return pthread_detach(thread);
}

uintptr_t chiredis_thread_identity(void) {
    return (uintptr_t)pthread_self();
}
