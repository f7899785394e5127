/* What the parts of the load generator share. One process, one thread, one epoll; only 127.0.0.1. */
#ifndef LOAD_H
#define LOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef WITH_TLS
#include <openssl/ssl.h>
#else
typedef struct ssl_st SSL;
#endif

#define MOST_DEPTH 64

enum mode { ECHO, FAN, OPEN, CHURN };
enum state { CONNECTING, SECURING, UPGRADING, GREETED, WELCOMED, READY, CLOSED };

/* Bytes that grow. `from` is where what has not been used yet begins. */
struct buffer {
    unsigned char *bytes;
    size_t from, end, room;
};

struct options {
    enum mode mode;
    int port, connections, depth, answers, greeted, welcomes, batch;
    bool websocket, binary, tls, together;
    const char *path, *hello, *message;
    char **paths;
    int path_count;
    double settle;
    int pids[8], pid_count;
};

struct client {
    int fd, number, skip;
    enum state state;
    SSL *ssl;
    struct buffer in, out;
    struct buffer request; /* what one round sends, made once unless the text counts requests */
    uint64_t began, sent[MOST_DEPTH];
    unsigned asked, answered; /* places in `sent` */
    unsigned long requests;
    long left; /* messages that must still come for what was sent first */
};

extern struct options options;
extern struct client *clients;
extern int ready, closed, selector;
extern uint64_t bytes_in, heard;

/* text.c */
void append(struct buffer *to, const void *bytes, size_t size);
void encode(struct buffer *to, const char *text, const struct client *client);
bool counts(const char *text);

/* options.c */
void read_options(int count, char **words);

/* link.c: sockets, TLS, the upgrade. */
void link_setup(void);
void link_open(struct client *client, int number);
void link_close(struct client *client);
void link_send(struct client *client, const void *bytes, size_t size);
void link_event(struct client *client, uint32_t events);

/* framing.c: bytes become messages; calls `arrived` for each. */
void framing_read(struct client *client);

/* rounds.c: what is done with them. */
void arrived(struct client *client);
void opened(struct client *client);
void run(double seconds);

/* main.c */
void turn(int milliseconds);

/* measure.c: clocks, CPU and memory of the server, times as a histogram. */
uint64_t now(void);
double own_cpu(void);
double server_cpu(double *in_kernel);
long server_memory(void);
void times_clear(void);
void times_add(uint64_t nanoseconds);
unsigned long times_count(void);
double times_at(double share);

void fail(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

#endif
