/* A connection: its socket, TLS, the upgrade to WebSocket, what waits to be written. */
#define _GNU_SOURCE
#include "load.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#ifdef WITH_TLS
#include <openssl/err.h>
static SSL_CTX *context;
#endif

static void watch(struct client *client, bool writing) {
    struct epoll_event event = {.events = EPOLLIN | (writing ? EPOLLOUT : 0), .data.ptr = client};
    epoll_ctl(selector, EPOLL_CTL_MOD, client->fd, &event);
}

void link_setup(void) {
#ifdef WITH_TLS
    if (options.tls) {
        context = SSL_CTX_new(TLS_client_method());
        SSL_CTX_set_verify(context, SSL_VERIFY_NONE, NULL);
        SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
        SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    }
#else
    if (options.tls)
        fail("built without OpenSSL");
#endif
}

#ifdef WITH_TLS
/* What OpenSSL did not do: -1 with EAGAIN when it has to wait. */
static ssize_t undone(SSL *ssl, int result) {
    int why = SSL_get_error(ssl, result);
    ERR_clear_error();
    if (why == SSL_ERROR_ZERO_RETURN)
        return 0;
    errno = why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE ? EAGAIN : ECONNRESET;
    return -1;
}
#endif

static ssize_t put(struct client *client, const void *bytes, size_t size) {
#ifdef WITH_TLS
    if (client->ssl != NULL) {
        int result = SSL_write(client->ssl, bytes, (int)size);
        return result > 0 ? result : undone(client->ssl, result);
    }
#endif
    return send(client->fd, bytes, size, MSG_NOSIGNAL);
}

static ssize_t get(struct client *client, void *bytes, size_t size) {
#ifdef WITH_TLS
    if (client->ssl != NULL) {
        int result = SSL_read(client->ssl, bytes, (int)size);
        return result > 0 ? result : undone(client->ssl, result);
    }
#endif
    return recv(client->fd, bytes, size, 0);
}

void link_close(struct client *client) {
    if (client->state == CLOSED)
        return;
    ready -= client->state == READY;
    client->state = CLOSED;
    closed++;
#ifdef WITH_TLS
    SSL_free(client->ssl);
    client->ssl = NULL;
#endif
    close(client->fd);
}

void link_open(struct client *client, int number) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)options.port)};
    /* Port numbers must not wait for the end of connections that nobody needs any more: they are reset. */
    struct linger linger = {1, 0};
    int yes = 1;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    client->number = number;
    client->state = CONNECTING;
    client->in.from = client->in.end = client->out.from = client->out.end = 0;
    client->began = now();
    client->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (client->fd < 0)
        fail("no more sockets: %s", strerror(errno));
    setsockopt(client->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    setsockopt(client->fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
    if (connect(client->fd, (struct sockaddr *)&address, sizeof address) < 0 && errno != EINPROGRESS)
        fail("cannot connect: %s", strerror(errno));
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT, .data.ptr = client};
    epoll_ctl(selector, EPOLL_CTL_ADD, client->fd, &event);
}

void link_send(struct client *client, const void *bytes, size_t size) {
    if (client->out.from == client->out.end) {
        ssize_t done = put(client, bytes, size);
        if (done < 0 && errno != EAGAIN) {
            link_close(client);
            return;
        }
        if (done == (ssize_t)size)
            return;
        if (done > 0) {
            bytes = (const char *)bytes + done;
            size -= (size_t)done;
        }
    }
    append(&client->out, bytes, size);
    watch(client, true);
}

static void upgrade(struct client *client) {
    char text[2048];
    const char *path = options.path_count ? options.paths[client->number % options.path_count] : options.path;
    int size = snprintf(text, sizeof text,
                        "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: osT3F7mvlojIvf3/8uIsJQ==\r\n\r\n",
                        path, options.port);
    if (size >= (int)sizeof text)
        fail("a path is too long");
    client->state = UPGRADING;
    link_send(client, text, (size_t)size);
}

static void secured(struct client *client) {
#ifdef WITH_TLS
    if (options.tls) {
        if (client->ssl == NULL) {
            client->ssl = SSL_new(context);
            SSL_set_fd(client->ssl, client->fd);
            SSL_set_connect_state(client->ssl);
        }
        client->state = SECURING;
        int result = SSL_do_handshake(client->ssl);
        if (result != 1) {
            int why = SSL_get_error(client->ssl, result);
            ERR_clear_error();
            if (why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE)
                link_close(client);
            else
                watch(client, why == SSL_ERROR_WANT_WRITE);
            return;
        }
    }
#endif
    watch(client, false);
    if (options.websocket)
        upgrade(client);
    else
        opened(client);
}

static void read_all(struct client *client) {
    for (;;) {
        struct buffer *in = &client->in;
        if (in->from == in->end)
            in->from = in->end = 0;
        if (in->room - in->end < 16384) {
            in->room = in->room * 2 + 32768;
            in->bytes = realloc(in->bytes, in->room);
            if (in->bytes == NULL)
                fail("no memory");
        }
        size_t room = in->room - in->end;
        ssize_t size = get(client, in->bytes + in->end, room);
        if (size <= 0) {
            if (size == 0 || errno != EAGAIN)
                link_close(client);
            return;
        }
        bytes_in += (uint64_t)size;
        in->end += (size_t)size;
        framing_read(client);
        if (client->state == CLOSED || (client->ssl == NULL && (size_t)size < room))
            return;
    }
}

void link_event(struct client *client, uint32_t events) {
    if (client->state == CLOSED)
        return;
    if (client->state == CONNECTING && events & (EPOLLERR | EPOLLHUP)) {
        link_close(client);
        return;
    }
    if (client->state == CONNECTING || client->state == SECURING) {
        secured(client);
        return;
    }
    if (events & EPOLLOUT && client->out.from < client->out.end) {
        ssize_t done = put(client, client->out.bytes + client->out.from, client->out.end - client->out.from);
        if (done < 0 && errno != EAGAIN) {
            link_close(client);
            return;
        }
        client->out.from += done > 0 ? (size_t)done : 0;
        if (client->out.from == client->out.end)
            watch(client, false);
    }
    if (events & (EPOLLIN | EPOLLHUP | EPOLLERR))
        read_all(client);
}
