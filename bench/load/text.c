/* Texts of the command line become what is sent. {n} is the number of the connection, {k} that of the request. */
#include "load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void append(struct buffer *to, const void *bytes, size_t size) {
    if (to->from == to->end)
        to->from = to->end = 0;
    if (to->room - to->end < size) {
        to->room = (to->end + size) * 2;
        to->bytes = realloc(to->bytes, to->room);
        if (to->bytes == NULL)
            fail("no memory");
    }
    memcpy(to->bytes + to->end, bytes, size);
    to->end += size;
}

bool counts(const char *text) { return strstr(text, "{k}") != NULL; }

/* "hex:0da1" are bytes, everything else is text in which the two numbers are filled in. */
static void fill(struct buffer *to, const char *text, const struct client *client) {
    unsigned value;
    if (strncmp(text, "hex:", 4) == 0) {
        for (text += 4; sscanf(text, "%2x", &value) == 1; text += 2)
            append(to, &(unsigned char){(unsigned char)value}, 1);
        return;
    }
    while (*text != '\0') {
        char digits[24];
        bool number = strncmp(text, "{n}", 3) == 0;
        if (number || strncmp(text, "{k}", 3) == 0) {
            int size = number ? snprintf(digits, sizeof digits, "%05d", client->number)
                              : snprintf(digits, sizeof digits, "%lu", client->requests);
            append(to, digits, (size_t)size);
            text += 3;
        } else {
            append(to, text++, 1);
        }
    }
}

/* A message as the protocol has it: a line, or a masked frame of RFC 6455. */
void encode(struct buffer *to, const char *text, const struct client *client) {
    static const unsigned char mask[4] = {1, 14, 5, 14};
    static struct buffer plain;
    plain.from = plain.end = 0;
    fill(&plain, text, client);
    if (!options.websocket) {
        append(to, plain.bytes, plain.end);
        append(to, "\r\n", 2);
        return;
    }
    unsigned char head[4] = {options.binary ? 0x82 : 0x81, 0, 0, 0};
    if (plain.end > 65535)
        fail("a message of more than 65535 bytes");
    head[1] = (unsigned char)(0x80 | (plain.end < 126 ? plain.end : 126));
    head[2] = (unsigned char)(plain.end >> 8);
    head[3] = (unsigned char)plain.end;
    append(to, head, plain.end < 126 ? 2 : 4);
    append(to, mask, 4);
    for (size_t i = 0; i < plain.end; i++)
        plain.bytes[i] ^= mask[i % 4];
    append(to, plain.bytes, plain.end);
}
