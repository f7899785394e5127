/* A load generator for the benchmarks: see `usage` in options.c. */
#include "load.h"

#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

struct client *clients;
int ready, closed, selector;
uint64_t bytes_in, heard;

void fail(const char *format, ...) {
    va_list values;
    va_start(values, format);
    vfprintf(stderr, format, values);
    va_end(values);
    fputc('\n', stderr);
    exit(1);
}

void turn(int milliseconds) {
    static struct epoll_event events[512];
    int count = epoll_wait(selector, events, 512, milliseconds);
    for (int i = 0; i < count; i++)
        if (events[i].data.ptr != NULL)
            link_event(events[i].data.ptr, events[i].events);
}

/* Opens all connections, a few at a time, and waits until nothing comes any more: what others are told of somebody who
   comes is no answer to anything. */
static void open_all(void) {
    uint64_t began = now(), last = began, before = 0;
    double kernel, cpu = server_cpu(&kernel);
    long memory = server_memory();
    int next = 0;
    while (ready < options.connections) {
        while (next < options.connections && next - ready < options.batch) {
            link_open(&clients[next], next);
            next++;
        }
        turn(20);
        if (closed > 0)
            fail("the server has closed %d connections, %d were ready", closed, ready);
        if (heard != before || next - ready < options.batch) {
            last = now();
            before = heard;
        }
        if (now() - last > 30000000000u)
            fail("only %d of %d connections are ready", ready, options.connections);
    }
    double took = (double)(now() - began) / 1e9;
    for (last = now(), before = heard; (double)(now() - last) / 1e9 < options.settle;) {
        turn(20);
        if (heard != before)
            last = now();
        before = heard;
    }
    printf("{\"ready\": %d, \"seconds\": %.3f, \"server_cpu\": %.2f, \"memory\": %ld, \"heard\": %lu}\n", ready, took,
           server_cpu(&kernel) - cpu, server_memory() - memory, (unsigned long)heard);
    fflush(stdout);
}

int main(int count, char **words) {
    char line[64];
    read_options(count, words);
    selector = epoll_create1(0);
    clients = calloc((size_t)options.connections, sizeof *clients);
    if (clients == NULL || selector < 0)
        fail("no memory");
    link_setup();
    if (options.mode == CHURN)
        for (int i = 0; i < options.connections; i++)
            clients[i].state = CLOSED;
    else
        open_all();
    /* The input is not one of epoll's: a file of regular data could not be. */
    struct pollfd input[2] = {{.fd = STDIN_FILENO, .events = POLLIN}, {.fd = selector, .events = POLLIN}};
    while (poll(input, 2, -1) > 0) {
        if (input[1].revents)
            turn(0);
        if (!input[0].revents)
            continue;
        if (fgets(line, sizeof line, stdin) == NULL)
            return 0;
        if (strncmp(line, "run ", 4) == 0)
            run(atof(line + 4));
        else
            fail("what is meant by %s", line);
    }
    return 0;
}
