/* Clocks, CPU and memory of the server, and times as a histogram whose steps are at most 1/64 of the time apart. */
#include "load.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define STEPS 64
static unsigned long histogram[64 * STEPS], total;

uint64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

double own_cpu(void) {
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
           (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

/* The fields of /proc/PID/stat that matter: time in all and in the kernel, in ticks, and resident pages. */
static void look(int pid, unsigned long *ticks, unsigned long *kernel, long *pages) {
    char name[64], text[1024];
    unsigned long user, system;
    snprintf(name, sizeof name, "/proc/%d/stat", pid);
    FILE *file = fopen(name, "r");
    if (file == NULL)
        fail("process %d has ended", pid);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    char *after = strrchr(text, ')');
    if (after == NULL ||
        sscanf(after + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu %*d %*d %*d %*d %*d %*d %*u %*u %ld",
               &user, &system, pages) != 3)
        fail("cannot read %s", name);
    *ticks = user + system;
    *kernel = system;
}

double server_cpu(double *in_kernel) {
    unsigned long ticks, kernel, sum = 0, kernel_sum = 0;
    long pages;
    for (int i = 0; i < options.pid_count; i++) {
        look(options.pids[i], &ticks, &kernel, &pages);
        sum += ticks;
        kernel_sum += kernel;
    }
    *in_kernel = (double)kernel_sum / (double)sysconf(_SC_CLK_TCK);
    return (double)sum / (double)sysconf(_SC_CLK_TCK);
}

long server_memory(void) {
    unsigned long ticks, kernel;
    long pages, sum = 0;
    for (int i = 0; i < options.pid_count; i++) {
        look(options.pids[i], &ticks, &kernel, &pages);
        sum += pages;
    }
    return sum * sysconf(_SC_PAGESIZE);
}

void times_clear(void) {
    memset(histogram, 0, sizeof histogram);
    total = 0;
}

void times_add(uint64_t nanoseconds) {
    unsigned power = 0;
    while (nanoseconds >> power >= 2 * STEPS)
        power++;
    histogram[power * STEPS + (nanoseconds >> power)]++;
    total++;
}

unsigned long times_count(void) { return total; }

/* The time, in microseconds, that so large a share of all times does not exceed. */
double times_at(double share) {
    unsigned long wanted = (unsigned long)(share * (double)(total - 1)), sum = 0;
    if (total == 0)
        return 0;
    for (unsigned i = 0; i < sizeof histogram / sizeof *histogram; i++) {
        sum += histogram[i];
        if (sum > wanted) {
            unsigned power = i < 2 * STEPS ? 0 : i / STEPS - 1;
            return (double)((uint64_t)(i - power * STEPS) << power) / 1000;
        }
    }
    return 0;
}
