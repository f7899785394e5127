/* The command line. */
#define _GNU_SOURCE
#include "load.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct options options = {.connections = 50, .depth = 1, .answers = 1, .batch = 50, .settle = 0.3};

static const char usage[] =
    "usage: load echo|fan|open|churn --port N [options]\n"
    "  echo   every connection has DEPTH requests under way: each that is answered is followed by another\n"
    "         (--together: sends them in one write, waits for the answers to all, and again)\n"
    "  fan    the first one sends DEPTH messages in one write, waits until everybody has heard all, and again\n"
    "  open   opens the connections (and logs in) and stays\n"
    "  churn  opens connections, closes each as soon as it is ready, opens the next one\n"
    "  --connections N  --depth N (64 at most)  --message TEXT  --binary\n"
    "  --answers N      messages that come back for each that is sent\n"
    "  --websocket PATH or --paths FILE (a path a line, one for each connection)   --tls\n"
    "  --greeted N      messages that the server sends first\n"
    "  --hello TEXT     what is sent then; --welcomes N: messages that come back before it is ready\n"
    "  --batch N        connections on their way at the same time\n"
    "  --settle S       seconds of quiet before it begins\n"
    "  --pid N          a process of the server, whose CPU and memory are read (up to eight times)\n"
    "{n} in a text is the number of the connection, {k} that of the request; hex:00ff are bytes.\n"
    "When it is ready it prints a line; \"run SECONDS\" on its input makes it run and print another. Lines are JSON.\n";

static void read_paths(const char *name) {
    FILE *file = fopen(name, "r");
    char *line = NULL;
    size_t room = 0;
    if (file == NULL)
        fail("cannot read %s", name);
    while (getline(&line, &room, file) > 0) {
        line[strcspn(line, "\n")] = '\0';
        options.paths = realloc(options.paths, sizeof(char *) * (size_t)(options.path_count + 1));
        options.paths[options.path_count++] = strdup(line);
    }
    free(line);
    fclose(file);
    if (options.path_count == 0)
        fail("no paths in %s", name);
}

static int number(const char *text) {
    char *end;
    long value = strtol(text, &end, 10);
    if (*text == '\0' || *end != '\0' || value < 0 || value > 10000000)
        fail("%s is not a number from 0 to 10000000", text);
    return (int)value;
}

void read_options(int count, char **words) {
    static const struct option known[] = {
        {"port", 1, 0, 'p'},    {"connections", 1, 0, 'c'}, {"depth", 1, 0, 'd'},    {"message", 1, 0, 'm'},
        {"binary", 0, 0, 'b'},  {"answers", 1, 0, 'a'},     {"websocket", 1, 0, 'w'}, {"paths", 1, 0, 'f'},
        {"tls", 0, 0, 't'},     {"greeted", 1, 0, 'g'},     {"hello", 1, 0, 'h'},    {"welcomes", 1, 0, 'l'},
        {"batch", 1, 0, 'n'},   {"settle", 1, 0, 's'},      {"pid", 1, 0, 'i'},
        {"together", 0, 0, 'o'}, {0, 0, 0, 0}};
    static const char *const modes[] = {"echo", "fan", "open", "churn"};
    int found;
    if (count < 2)
        fail("%s", usage);
    for (found = 0; found < 4 && strcmp(words[1], modes[found]) != 0; found++)
        continue;
    if (found == 4)
        fail("%s", usage);
    options.mode = (enum mode)found;
    optind = 2;
    while ((found = getopt_long(count, words, "", known, NULL)) != -1) {
        switch (found) {
        case 'p': options.port = number(optarg); break;
        case 'c': options.connections = number(optarg); break;
        case 'd': options.depth = number(optarg); break;
        case 'm': options.message = optarg; break;
        case 'b': options.binary = true; break;
        case 'a': options.answers = number(optarg); break;
        case 'w': options.websocket = true; options.path = optarg; break;
        case 'f': options.websocket = true; read_paths(optarg); break;
        case 'o': options.together = true; break;
        case 't': options.tls = true; break;
        case 'g': options.greeted = number(optarg); break;
        case 'h': options.hello = optarg; break;
        case 'l': options.welcomes = number(optarg); break;
        case 'n': options.batch = number(optarg); break;
        case 's': options.settle = atof(optarg); break;
        case 'i':
            if (options.pid_count == 8)
                fail("more than eight processes");
            options.pids[options.pid_count++] = number(optarg);
            break;
        default: fail("%s", usage);
        }
    }
    if (options.port == 0 || options.connections == 0 || options.depth == 0 || options.depth > MOST_DEPTH || options.batch == 0 || optind != count)
        fail("%s", usage);
    if ((options.mode == ECHO || options.mode == FAN) && (options.message == NULL || options.answers == 0))
        fail("echo and fan need a --message that is answered");
}
