/* Bytes become messages: lines that end with LF, or frames of RFC 6455. */
#define _GNU_SOURCE
#include "load.h"

#include <stdio.h>
#include <string.h>

static bool read_upgrade(struct client *client) {
    struct buffer *in = &client->in;
    unsigned char *end = memmem(in->bytes + in->from, in->end - in->from, "\r\n\r\n", 4);
    if (end == NULL)
        return false;
    if (memcmp(in->bytes + in->from, "HTTP/1.1 101", 12) != 0)
        fail("no WebSocket: %.*s", (int)(end - in->bytes - (long)in->from), in->bytes + in->from);
    in->from = (size_t)(end + 4 - in->bytes);
    opened(client);
    return true;
}

static void read_lines(struct client *client) {
    struct buffer *in = &client->in;
    unsigned char *end;
    while ((end = memchr(in->bytes + in->from, '\n', in->end - in->from)) != NULL) {
        in->from = (size_t)(end + 1 - in->bytes);
        arrived(client);
        if (client->state == CLOSED)
            return;
    }
}

static void read_frames(struct client *client) {
    struct buffer *in = &client->in;
    while (in->end - in->from >= 2) {
        const unsigned char *frame = in->bytes + in->from;
        size_t have = in->end - in->from, head = 2, size = frame[1] & 127;
        unsigned lengths = size == 126 ? 2 : size == 127 ? 8 : 0;
        head += lengths;
        if (have < head)
            return;
        for (unsigned i = 0; i < lengths; i++)
            size = (i == 0 ? 0 : size << 8) | frame[2 + i];
        if (have < head + size)
            return;
        in->from += head + size;
        int kind = frame[0] & 15;
        if (kind == 8) {
            fprintf(stderr, "the server closes: %.*s\n", size > 2 ? (int)size - 2 : 0, frame + head + 2);
            link_close(client);
            return;
        }
        if (kind == 9) {
            unsigned char pong[6 + 125] = {0x8a, (unsigned char)(0x80 | size)};
            memcpy(pong + 6, frame + head, size);
            link_send(client, pong, 6 + size);
        } else if (kind != 10 && frame[0] & 0x80) {
            arrived(client);
        }
        if (client->state == CLOSED)
            return;
    }
}

void framing_read(struct client *client) {
    struct buffer *in = &client->in;
    if (client->state == UPGRADING && !read_upgrade(client))
        return;
    if (client->state == CLOSED)
        return;
    if (options.websocket)
        read_frames(client);
    else
        read_lines(client);
    if (in->from > 0 && in->from < in->end) {
        memmove(in->bytes, in->bytes + in->from, in->end - in->from);
        in->end -= in->from;
        in->from = 0;
    }
}
