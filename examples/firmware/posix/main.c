/* The reference device as a process: on a pseudo-terminal, on TCP or on its standard streams.
 *
 *   cryo-device --pty LINK | --tcp PORT | --stdio [--speed N] [--switch] [--seed N]
 */
#define _XOPEN_SOURCE 700
#define _DEFAULT_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "../core/cryo.h"
#include "../plant/plant.h"

static struct plant plant;
static struct cryo_device device;
static struct cryo_settings settings;
static struct cryo_port port;
static uint32_t now_ms;

static double wall_ms(void)
{
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return (double)at.tv_sec * 1e3 + (double)at.tv_nsec / 1e6;
}

static void boot(void)
{
    uint16_t scale = device.scale_hundredths;
    cryo_boot(&device, &settings, &port, &plant.memory, false);
    if (scale != 0u)
        device.scale_hundredths = scale; /* the bench's, not the device's */
    now_ms = 0;
}

/* What is on its way out. */
static uint8_t out[CRYO_FRAME_BYTES];
static size_t out_size, out_at;

/* Sends as much as the line takes; false when the other end is gone. */
static bool sends(int line)
{
    for (;;) {
        if (out_at == out_size) {
            out_at = 0;
            out_size = cryo_transmit(&device, out, now_ms);
            if (out_size == 0u)
                return true;
        }
        ssize_t sent = write(line, out + out_at, out_size - out_at);
        if (sent < 0)
            return errno == EAGAIN || errno == EINTR;
        out_at += (size_t)sent;
    }
}

/* Takes in what has come; false when the other end is gone. */
static bool hears(int line)
{
    uint8_t bytes[512];
    ssize_t came = read(line, bytes, sizeof bytes);
    if (came < 0)
        return errno == EAGAIN || errno == EINTR || errno == EIO; /* EIO: no host at the terminal */
    for (ssize_t i = 0; i < came; i++)
        cryo_receive(&device, bytes[i], now_ms);
    return came != 0;
}

/* Device time goes on by the wall, at its scale; whole milliseconds, none left out. */
static void passes(double *last, double *owed, double *stood)
{
    double at = wall_ms();
    uint16_t scale = device.scale_hundredths;
    *owed += (at - *last) * scale / 100.0;
    *last = at;
    if (*owed > 2000.0)
        *owed = 2000.0; /* this computer slept: the device was off meanwhile */
    for (; *owed >= 1.0 && device.scale_hundredths == scale; *owed -= 1.0) {
        plant_ms(&plant);
        cryo_step(&device, ++now_ms);
    }
    if (scale == 0u && at - *stood >= 50.0) {
        static unsigned times;
        *stood = at;
        cryo_stands(&device, ++times % 4u == 0u, now_ms);
    }
}

static void talk(int reads, int writes)
{
    double last = wall_ms(), owed = 0, stood = 0;
    fcntl(reads, F_SETFL, fcntl(reads, F_GETFL) | O_NONBLOCK);
    fcntl(writes, F_SETFL, fcntl(writes, F_GETFL) | O_NONBLOCK);
    out_at = out_size = 0;
    for (;;) {
        struct pollfd line = {reads, POLLIN, 0};
        int ready = poll(&line, 1, 1);
        passes(&last, &owed, &stood);
        if (ready > 0 && !hears(reads))
            return;
        if (ready > 0 && (line.revents & (POLLHUP | POLLERR)) != 0 && (line.revents & POLLIN) == 0)
            usleep(1000); /* a terminal without a host */
        if (!sends(writes))
            return;
        if (cryo_restart_due(&device) && out_at == out_size)
            boot();
    }
}

static int on_terminal(const char *link)
{
    int ours = posix_openpt(O_RDWR | O_NOCTTY);
    if (ours < 0 || grantpt(ours) != 0 || unlockpt(ours) != 0) {
        perror("cryo-device: no pseudo-terminal");
        return 1;
    }
    int theirs = open(ptsname(ours), O_RDWR | O_NOCTTY); /* stays open: hosts come and go */
    struct termios raw;
    tcgetattr(theirs, &raw);
    cfmakeraw(&raw);
    tcsetattr(theirs, TCSANOW, &raw);
    unlink(link);
    if (symlink(ptsname(ours), link) != 0) {
        perror(link);
        return 1;
    }
    printf("pseudo-terminal %s\n", link);
    fflush(stdout);
    talk(ours, ours);
    return 0;
}

static int on_tcp(unsigned number)
{
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)number),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof at;
    int yes = 1, server = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(server, (struct sockaddr *)&at, size) != 0 || listen(server, 1) != 0) {
        perror("cryo-device: cannot listen");
        return 1;
    }
    getsockname(server, (struct sockaddr *)&at, &size);
    printf("listening on 127.0.0.1:%u\n", ntohs(at.sin_port));
    fflush(stdout);
    for (;;) {
        int line = accept(server, NULL, NULL);
        if (line < 0)
            continue;
        setsockopt(line, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        talk(line, line);
        close(line);
    }
}

static int usage(const char *why)
{
    fprintf(stderr, "cryo-device: %s\nusage: cryo-device --pty LINK | --tcp PORT | --stdio "
                    "[--speed 0-10] [--switch] [--seed N]\n", why);
    return 2;
}

int main(int count, char **given)
{
    const char *link = NULL;
    long tcp = -1, seed = 1;
    double speed = 1;
    bool stdio = false, maintenance = false;
    for (int i = 1; i < count; i++) {
        const char *next = i + 1 < count ? given[i + 1] : NULL;
        char *end = NULL;
        if (strcmp(given[i], "--stdio") == 0) {
            stdio = true;
            continue;
        }
        if (strcmp(given[i], "--switch") == 0) {
            maintenance = true;
            continue;
        }
        if (next == NULL)
            return usage("an argument is not known, or its value is missing");
        if (strcmp(given[i], "--pty") == 0)
            link = next;
        else if (strcmp(given[i], "--tcp") == 0)
            tcp = strtol(next, &end, 10);
        else if (strcmp(given[i], "--speed") == 0)
            speed = strtod(next, &end);
        else if (strcmp(given[i], "--seed") == 0)
            seed = strtol(next, &end, 10);
        else
            return usage("an argument is not known");
        if (end != NULL && (end == next || *end != '\0'))
            return usage("a value is no number");
        i++;
    }
    if ((link != NULL) + (tcp >= 0) + stdio != 1)
        return usage("say one of --pty, --tcp, --stdio");
    if (!(speed >= 0 && speed <= 10))
        return usage("the speed is 0 to 10");
    if (tcp > 65535)
        return usage("no such TCP port");
    signal(SIGPIPE, SIG_IGN);
    plant_new(&plant, (uint32_t)seed);
    plant.inputs.maintenance_switch = maintenance;
    plant_settings(&settings);
    plant_port(&plant, &port);
    boot();
    device.scale_hundredths = (uint16_t)(speed * 100 + 0.5);
    if (link != NULL)
        return on_terminal(link);
    if (tcp >= 0)
        return on_tcp((unsigned)tcp);
    talk(STDIN_FILENO, STDOUT_FILENO);
    return 0;
}
