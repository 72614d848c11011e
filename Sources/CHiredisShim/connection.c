#include "CHiredisShim.h"

#include <netdb.h>
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

int chiredis_read_available(redisContext *context) {
    // redisBufferRead takes at most 16 KiB a call and does not say how much, the reader's length does.
    const size_t most_per_call = 16 * 1024;
    for (int turn = 0; turn < 64; turn++) {
        size_t before = context->reader->len;
        if (redisBufferRead(context) != REDIS_OK) return -1;
        size_t after = context->reader->len;
        if (after < before || after - before < most_per_call) break;
    }
    return 0;
}

int chiredis_socket_error(int descriptor) {
    int error = 0;
    socklen_t length = sizeof(error);
    if (getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &length) != 0) return -1;
    return error;
}

int chiredis_resolve(const char *host, char *address, size_t capacity) {
    struct addrinfo hints, *found = NULL;
    memset(&hints, 0, sizeof(hints));
    hints.ai_family = AF_INET;
    hints.ai_socktype = SOCK_STREAM;
    int code = getaddrinfo(host, NULL, &hints, &found);
    if (code != 0) {  // as hiredis does: IPv6 where there is no IPv4
        hints.ai_family = AF_INET6;
        code = getaddrinfo(host, NULL, &hints, &found);
    }
    if (code != 0) return code;
    code = getnameinfo(found->ai_addr, found->ai_addrlen, address, (socklen_t)capacity, NULL, 0, NI_NUMERICHOST);
    freeaddrinfo(found);
    return code;
}

const char *chiredis_resolve_error(int code) {
    return gai_strerror(code);
}
