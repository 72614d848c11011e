#define _GNU_SOURCE
#include "CHiredisShim.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>

int chiredis_descriptor(const redisContext *context) {
    return context->fd;
}

redisReader *chiredis_context_reader(redisContext *context) {
    return context->reader;
}

const char *chiredis_context_error(const redisContext *context) {
    return context->errstr;
}

int chiredis_context_failed(const redisContext *context) {
    return context->err != 0;
}

void chiredis_context_forget_error(redisContext *context) {
    context->err = 0;
    context->errstr[0] = '\0';
}

int chiredis_read_once(redisContext *context) {
    // redisBufferRead takes at most 16 KiB and does not say how much it got, the reader's length does.
    const size_t most_per_call = 16 * 1024;
    size_t before = context->reader->len;
    if (redisBufferRead(context) != REDIS_OK) return -1;
    return context->reader->len >= before + most_per_call;
}

long chiredis_send_now(int descriptor, const void *bytes, size_t count) {
    return send(descriptor, bytes, count, MSG_DONTWAIT | MSG_NOSIGNAL);
}

int chiredis_socket_error(int descriptor) {
    int error = 0;
    socklen_t length = sizeof(error);
    if (getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &length) != 0) return -1;
    return error;
}

void chiredis_keep_alive(int descriptor, int idle, int interval, int probes) {
    int on = 1;
    unsigned int unacknowledged = (unsigned int)(idle + interval * probes) * 1000;
    // Refused options cost only the time until a dead peer is noticed, so failures are left alone.
    setsockopt(descriptor, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
    setsockopt(descriptor, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof(idle));
    setsockopt(descriptor, IPPROTO_TCP, TCP_KEEPINTVL, &interval, sizeof(interval));
    setsockopt(descriptor, IPPROTO_TCP, TCP_KEEPCNT, &probes, sizeof(probes));
    setsockopt(descriptor, IPPROTO_TCP, TCP_USER_TIMEOUT, &unacknowledged, sizeof(unacknowledged));
}

static int resolve_family(int family, const char *host, char *addresses, int capacity) {
    struct addrinfo hints, *found = NULL;
    memset(&hints, 0, sizeof(hints));
    hints.ai_family = family;
    hints.ai_socktype = SOCK_STREAM;
    int code = getaddrinfo(host, NULL, &hints, &found);
    if (code != 0) return code < 0 ? code : -code;
    int count = 0;
    for (struct addrinfo *one = found; one != NULL && count < capacity; one = one->ai_next) {
        char *text = addresses + (size_t)count * CHIREDIS_ADDRESS_LENGTH;
        if (getnameinfo(one->ai_addr, one->ai_addrlen, text, CHIREDIS_ADDRESS_LENGTH, NULL, 0, NI_NUMERICHOST) == 0)
            count++;
    }
    freeaddrinfo(found);
    return count;
}

int chiredis_resolve(const char *host, char *addresses, int capacity) {
    int count = resolve_family(AF_INET, host, addresses, capacity);
    if (count > 0) return count;
    int other = resolve_family(AF_INET6, host, addresses, capacity);
    return other > 0 ? other : count < 0 ? count : EAI_NONAME;
}

const char *chiredis_resolve_error(int code) {
    return gai_strerror(code);
}
