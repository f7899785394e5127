/* What is done with connections and messages: the way in, and the rounds of each kind of load. */
#include "load.h"

#include <stdio.h>

static bool running, over, looked;
static unsigned long messages;
static long left;
static int waiting;

static void welcomed(struct client *client) {
    client->state = READY;
    ready++;
}

static void hello(struct client *client) {
    static struct buffer text;
    if (options.hello != NULL) {
        text.from = text.end = 0;
        encode(&text, options.hello, client);
        link_send(client, text.bytes, text.end);
    }
    if (client->state == CLOSED)
        return;
    client->skip = options.welcomes;
    client->state = WELCOMED;
    if (client->skip == 0)
        welcomed(client);
}

void opened(struct client *client) {
    client->skip = options.greeted;
    client->state = GREETED;
    if (client->skip == 0)
        hello(client);
}

static void send_messages(struct client *client, int count) {
    if (client->request.end == 0 || counts(options.message)) {
        client->request.from = client->request.end = 0;
        for (int i = 0; i < count; i++) {
            client->requests++;
            encode(&client->request, options.message, client);
        }
    }
    link_send(client, client->request.bytes, client->request.end);
}

/* Each of DEPTH requests is followed by another as soon as it is answered; together: as soon as all are. */
static void ask(struct client *client) {
    int count = options.together ? options.depth : 1;
    client->left = (long)count * options.answers;
    client->sent[client->asked++ % MOST_DEPTH] = now();
    send_messages(client, count);
}

static void say(void) {
    left = (long)options.depth * options.answers * options.connections;
    for (int i = 0; i < options.connections; i++)
        clients[i].left = (long)options.depth * options.answers;
    clients[0].sent[0] = now();
    send_messages(&clients[0], options.depth);
}

/* With more answers than were expected the figures would be those of another load. Looked at in the first run only: a
   server may also say something by itself now and then. */
static void surplus(void) {
    if (!looked)
        fail("more messages than the answers that were expected");
}

static void answered(struct client *client) {
    if (client->answered == client->asked) {
        surplus();
        return;
    }
    if (--client->left > 0)
        return;
    client->left = options.answers;
    times_add(now() - client->sent[client->answered++ % MOST_DEPTH]);
    messages += options.together ? (unsigned long)options.depth : 1;
    if (over)
        waiting--;
    else
        ask(client);
}

static void told(struct client *client) {
    if (--client->left < 0)
        fail("connection %d has heard more than was said", client->number);
    messages++;
    if (--left > 0)
        return;
    times_add(now() - clients[0].sent[0]);
    if (over)
        waiting = 0;
    else
        say();
}

void arrived(struct client *client) {
    heard++;
    if (client->state == GREETED) {
        if (--client->skip == 0)
            hello(client);
    } else if (client->state == WELCOMED) {
        if (--client->skip == 0)
            welcomed(client);
    } else if (running && options.mode == ECHO) {
        answered(client);
    } else if (running && options.mode == FAN) {
        told(client);
    }
}

static void churn(uint64_t end) {
    for (int i = 0; i < options.connections; i++)
        if (clients[i].state == CLOSED)
            link_open(&clients[i], i);
    while (now() < end) {
        turn(10);
        for (int i = 0; i < options.connections; i++) {
            if (clients[i].state == READY) {
                times_add(now() - clients[i].began);
                messages++;
                link_close(&clients[i]);
            }
            if (clients[i].state == CLOSED)
                link_open(&clients[i], i);
        }
    }
    for (int i = 0; i < options.connections; i++)
        link_close(&clients[i]);
}

/* Whether a turn was the last: everything that was sent after the end of the time has been answered. */
static void play(uint64_t end) {
    running = true;
    int each = options.mode == ECHO && !options.together ? options.depth : 1;
    waiting = options.connections * each;
    if (options.mode == ECHO)
        for (int i = 0; i < waiting; i++)
            ask(&clients[i / each]);
    else
        say();
    while (waiting > 0) {
        turn(20);
        over = over || now() >= end;
        if (closed > 0)
            fail("the server has closed %d connections", closed);
        if (now() > end + 30000000000u)
            fail("%ld of %d messages have not come for 30 s", options.mode == FAN ? left : waiting, waiting);
    }
    running = false;
}

static void nothing_more(void) {
    uint64_t before = heard, end = now() + 50000000u;
    while (!looked && now() < end) {
        turn(10);
        if (heard != before)
            surplus();
    }
    looked = true;
}

void run(double seconds) {
    double own = own_cpu(), kernel, server = server_cpu(&kernel), after;
    uint64_t began = now(), end = began + (uint64_t)(seconds * 1e9);
    over = false;
    messages = 0;
    times_clear();
    if (options.mode == CHURN)
        churn(end);
    else if (options.mode == OPEN)
        while (now() < end)
            turn(20);
    else
        play(end);
    double took = (double)(now() - began) / 1e9;
    double used = server_cpu(&after) - server;
    kernel = after - kernel;
    own = own_cpu() - own;
    if (options.mode == ECHO)
        nothing_more();
    printf("{\"messages\": %lu, \"seconds\": %.4f, \"server_cpu\": %.2f, \"server_kernel\": %.2f, \"own_cpu\": %.3f, \"rounds\": %lu, "
           "\"p50\": %.1f, \"p99\": %.1f, \"max\": %.1f, \"memory\": %ld}\n",
           messages, took, used, kernel, own, times_count(), times_at(0.5), times_at(0.99), times_at(1),
           server_memory());
    fflush(stdout);
}
