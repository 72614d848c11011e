// What Swift cannot see of hiredis and of Linux, behind one set of functions for hiredis 0.14 and 1.x.
#ifndef CHIREDIS_SHIM_H
#define CHIREDIS_SHIM_H

#include <stddef.h>
#include <stdint.h>

#include "../../CHiredis/shim.h"

#if HIREDIS_MAJOR == 0 && HIREDIS_MINOR < 14
#error "hiredis 0.14 or later is needed: apt-get install libhiredis-dev"
#endif

// ---- version -------------------------------------------------------------------------------------------------------

/// The version of the hiredis headers that this was compiled with, such as "0.14.1".
const char *chiredis_version(void);

// ---- replies -------------------------------------------------------------------------------------------------------

enum chiredis_text_kind { CHIREDIS_BULK, CHIREDIS_STATUS, CHIREDIS_ERROR, CHIREDIS_BIG_NUMBER, CHIREDIS_VERBATIM };
enum chiredis_aggregate_kind {
    CHIREDIS_ARRAY,
    CHIREDIS_MAP,
    CHIREDIS_SET,
    CHIREDIS_PUSH,
    CHIREDIS_ATTRIBUTE
};

/// The functions that hear what hiredis' reader reads, in the order of the wire. An aggregate's elements follow its
/// count; those of a map and an attribute are keys and values in turn.
struct chiredis_listener {
    void *owner;
    void (*text)(void *owner, enum chiredis_text_kind kind, const char *bytes, size_t length);
    void (*integer)(void *owner, long long value);
    void (*floating)(void *owner, double value);
    void (*boolean)(void *owner, int value);
    void (*aggregate)(void *owner, enum chiredis_aggregate_kind kind, size_t count);
    void (*null)(void *owner);
};

/// 1 where this hiredis reads the third version of the protocol (hiredis 1.0 and later).
int chiredis_reads_resp3(void);

/// Makes a reader without a socket. The listener must outlive it.
redisReader *chiredis_reader_create(struct chiredis_listener *listener);

/// Sends what a connection's own reader reads to the listener, which must outlive the context.
void chiredis_context_listen(redisContext *context, struct chiredis_listener *listener);

/// 1: a whole reply was read (its parts went to the listener); 0: more bytes are needed; -1: a protocol error.
int chiredis_reader_next(redisReader *reader);

const char *chiredis_reader_error(redisReader *reader);

// ---- connection ----------------------------------------------------------------------------------------------------

int chiredis_descriptor(const redisContext *context);
redisReader *chiredis_context_reader(redisContext *context);
const char *chiredis_context_error(const redisContext *context);
int chiredis_context_failed(const redisContext *context);

/// Lets a context read on after a failed write: what the peer sent before it went is still there.
void chiredis_context_forget_error(redisContext *context);

/// Reads once from the socket into the reader. 1: there may be more; 0: that was all for now; -1: the context's error
/// is set.
int chiredis_read_once(redisContext *context);

/// Writes what a socket takes without waiting. Returns how many bytes, or -1.
long chiredis_send_now(int descriptor, const void *bytes, size_t count);

/// The pending error of a socket (SO_ERROR), 0 when a non-blocking connect has succeeded.
int chiredis_socket_error(int descriptor);

/// Lets the kernel probe a silent TCP peer: first after `idle` seconds, then each `interval`, and give up after `probes`
/// without an answer; and give up written bytes that stay unacknowledged for as long as all of that.
void chiredis_keep_alive(int descriptor, int idle, int interval, int probes);

// ---- events --------------------------------------------------------------------------------------------------------

enum { CHIREDIS_READABLE = 1, CHIREDIS_WRITABLE = 2, CHIREDIS_BROKEN = 4 };

struct chiredis_event {
    int descriptor;
    int readiness;
};

int chiredis_poller_create(void);
int chiredis_poller_add(int poller, int descriptor, int readiness);
int chiredis_poller_change(int poller, int descriptor, int readiness);
int chiredis_poller_remove(int poller, int descriptor);

/// Waits for events. A negative time-out waits for ever. Returns how many of `events` were filled in.
int chiredis_poller_wait(int poller, struct chiredis_event *events, int capacity, int timeout_milliseconds);

int chiredis_waker_create(void);
void chiredis_waker_signal(int waker);
void chiredis_waker_clear(int waker);

/// Starts a detached thread with all signals blocked, so that a broken socket raises no SIGPIPE there. 0, or an errno.
int chiredis_thread_start(const char *name, void (*body)(void *), void *argument);

/// A number that tells the calling thread from every other living one.
uintptr_t chiredis_thread_identity(void);

// ---- names ---------------------------------------------------------------------------------------------------------

enum { CHIREDIS_ADDRESS_LENGTH = 64 };

/// Resolves a host name to the texts of its addresses (blocking): as hiredis does, IPv6 only where there is no IPv4. Each takes CHIREDIS_ADDRESS_LENGTH bytes.
/// Returns how many there are, at most `capacity`, or a negative number for chiredis_resolve_error.
int chiredis_resolve(const char *host, char *addresses, int capacity);
const char *chiredis_resolve_error(int code);

#endif
