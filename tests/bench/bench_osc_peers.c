/* SPDX-License-Identifier: GPL-3.0-or-later */
/* OSC: bench_osc_peers PORT ENGINE-PID measures what subscribers cost, and what
 * one of them hears while another peer asks without end.
 *
 * The cost is that of 16 subscribers of everything and 1,000 changes a second,
 * beside the same with a datagram for each value, as a peer gets it that reads
 * no bundles. */
#include "control/cli/client.h"

#include <lo/lo.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "tests/bench/bench_osc.h"

#define SUBSCRIBERS  16u
#define STRIPS	     16u
#define CHANGE_NS    1000000u /* 1,000 a second */
#define ROUND_NS     1000000000u
#define ROUNDS	     5u
#define GETS_PER_MS  50u
#define MOVES	     400u
#define MOVE_NS	     10000000u
#define LOST_NS	     1000000000u
#define BOUND_RATIO  1.0
#define BOUND_P99_MS 20.0

static void
send_message(int fd, const char *address, lo_message m)
{
	uint8_t packet[256];
	size_t size = sizeof(packet);

	if (!m || !lo_message_serialise(m, address, packet, &size))
		bench_die("no message");
	lo_message_free(m);
	(void)!send(fd, packet, size, 0); /* a full buffer is its trouble */
}

static void
send_float(int fd, const char *address, float value)
{
	lo_message m = lo_message_new();

	lo_message_add_float(m, value);
	send_message(fd, address, m);
}

/* Reads and counts what has come: datagrams. */
static uint64_t
drain(int fd)
{
	static uint8_t packet[65536];
	uint64_t n = 0;

	while (recv(fd, packet, sizeof(packet), MSG_DONTWAIT) > 0)
		n++;
	return n;
}

/* ---- what subscribers cost ---- */

struct cost {
	double part;	  /* of a core */
	double datagrams; /* a second, to each */
};

static void
change_something(int fd, uint32_t *seed)
{
	char address[32];

	*seed = *seed * 1103515245u + 12345;
	snprintf(address, sizeof(address), "/strip/%u/gain",
		(*seed >> 16) % STRIPS + 1);
	send_float(fd, address, -(float)(*seed >> 8 & 255) / 8.0f);
}

static struct cost
cost_of(int *subscriber, int mover, pid_t engine, bool bundles)
{
	const struct timespec a_while = {.tv_nsec = 200000};
	uint64_t start_ns, now_ns, due_ns, cpu_ns, got = 0;
	static uint32_t seed = 1;

	for (uint32_t i = 0; i < SUBSCRIBERS; i++) {
		send_float(subscriber[i], "/bundles", bundles ? 1.0f : 0.0f);
		send_float(subscriber[i], "/subscribe", 60.5f);
	}
	/* the state, over a second, and the rest of the last round */
	for (start_ns = bench_now_ns();
		bench_now_ns() - start_ns < 2 * ROUND_NS;) {
		nanosleep(&a_while, NULL);
		for (uint32_t i = 0; i < SUBSCRIBERS; i++)
			drain(subscriber[i]);
	}
	cpu_ns = bench_thread_cpu_ns(engine);
	start_ns = due_ns = bench_now_ns();
	while ((now_ns = bench_now_ns()) - start_ns < ROUND_NS) {
		for (; due_ns <= now_ns; due_ns += CHANGE_NS)
			change_something(mover, &seed);
		for (uint32_t i = 0; i < SUBSCRIBERS; i++)
			got += drain(subscriber[i]);
		nanosleep(&a_while, NULL);
	}
	now_ns = bench_now_ns() - start_ns;
	return (struct cost){
		(double)(bench_thread_cpu_ns(engine) - cpu_ns) / (double)now_ns,
		(double)got / SUBSCRIBERS / (double)now_ns * 1e9};
}

static void
bench_cost(uint16_t port, pid_t engine)
{
	double with[ROUNDS], without[ROUNDS], ratio[ROUNDS], sent[2][ROUNDS];
	int subscriber[SUBSCRIBERS], mover = bench_connect(port);

	for (uint32_t i = 0; i < SUBSCRIBERS; i++)
		subscriber[i] = bench_connect(port);
	for (uint32_t i = 0; i < ROUNDS; i++) {
		struct cost a = cost_of(subscriber, mover, engine, true);
		struct cost b = cost_of(subscriber, mover, engine, false);

		with[i] = 100.0 * a.part;
		without[i] = 100.0 * b.part;
		ratio[i] = a.part / b.part;
		sent[0][i] = a.datagrams;
		sent[1][i] = b.datagrams;
	}
	bench_row("16 subscribers, 1,000 changes/s", "", true,
		"%.1f %% of a core; single messages %.1f %%",
		bench_median(with, ROUNDS), bench_median(without, ROUNDS));
	bench_row("datagrams a second to each of them", "", true,
		"%.0f; single messages %.0f", bench_median(sent[0], ROUNDS),
		bench_median(sent[1], ROUNDS));
	bench_row("bundles to single messages", "<= 1.0",
		bench_median(ratio, ROUNDS) <= BOUND_RATIO, "%.2f",
		bench_median(ratio, ROUNDS));
	for (uint32_t i = 0; i < SUBSCRIBERS; i++) {
		send_message(subscriber[i], "/unsubscribe", lo_message_new());
		close(subscriber[i]);
	}
	close(mover);
}

/* ---- one that asks without end ---- */

/* The same load without tapdeck: a program that sends all back. */
static pid_t
echo_start(uint16_t *port)
{
	struct sockaddr_in at = {.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(at);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	uint8_t packet[2048];
	pid_t pid;

	if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof(at)) < 0 ||
		getsockname(fd, (struct sockaddr *)&at, &len) < 0)
		bench_die("no UDP port: %s", strerror(errno));
	*port = ntohs(at.sin_port);
	pid = fork();
	if (pid != 0) {
		close(fd);
		return pid;
	}
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;) {
		ssize_t got = recvfrom(fd, packet, sizeof(packet), 0,
			(struct sockaddr *)&at, &len);

		if (got > 0)
			sendto(fd, packet, (size_t)got, 0,
				(struct sockaddr *)&at, len);
	}
}

static pid_t
asker_start(uint16_t port)
{
	const struct timespec a_while = {.tv_nsec = 300000};
	static const char get[] = "/strip/2/gain\0\0\0,\0\0";
	uint64_t due_ns;
	pid_t pid = fork();
	int fd;

	if (pid != 0)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	fd = bench_connect(port);
	for (due_ns = bench_now_ns();;) {
		for (; due_ns <= bench_now_ns(); due_ns += 1000000u)
			for (uint32_t i = 0; i < GETS_PER_MS; i++)
				(void)!send(fd, get, sizeof(get), 0);
		drain(fd);
		nanosleep(&a_while, NULL);
	}
}

/* ns until the subscriber hears the value that was set, or LOST_NS */
static uint64_t
heard_after(int subscriber, int mover, float value)
{
	uint64_t start_ns = bench_now_ns(), took_ns = 0;
	struct pollfd p = {.fd = subscriber, .events = POLLIN};
	uint8_t packet[2048], want[4];
	uint32_t bits;

	memcpy(&bits, &value, sizeof(bits));
	bits = htonl(bits);
	memcpy(want, &bits, sizeof(want));
	send_float(mover, "/strip/1/gain", value);
	while ((took_ns = bench_now_ns() - start_ns) < LOST_NS) {
		ssize_t got;

		if (poll(&p, 1, 100) < 1)
			continue;
		got = recv(subscriber, packet, sizeof(packet), MSG_DONTWAIT);
		if (got > 0 && memmem(packet, (size_t)got, want, sizeof(want)))
			break;
	}
	return bench_now_ns() - start_ns;
}

static void
on_xruns(void *data, const struct client_message *m)
{
	if (strcmp(m->address, "/status") == 0 &&
		strcmp(client_string(m, 0), "xruns") == 0)
		*(double *)data = client_number(m, 1);
}

static double
xruns(struct client *c)
{
	double n = -1.0;

	if (client_send(c, "/status", "") < 0 ||
		client_fence(c, on_xruns, &n) < 0 || n < 0.0)
		bench_die("tapdeck does not tell its xruns");
	return n;
}

static double
p99_ms(int subscriber, int mover)
{
	double ms[MOVES];

	for (uint32_t i = 0; i < MOVES; i++) {
		uint64_t took_ns = heard_after(
			subscriber, mover, -1.0f - (float)i / 64.0f);
		struct timespec rest = {.tv_nsec = MOVE_NS};

		ms[i] = (double)took_ns / 1e6;
		nanosleep(&rest, NULL);
	}
	return bench_quantile(ms, MOVES, 0.99);
}

/* p99 while somebody asks at this port; and the xruns meanwhile. */
static double
p99_beside(uint16_t asked, int subscriber, int mover, struct client *c,
	double *missed)
{
	double before = xruns(c), ms;
	pid_t asker = asker_start(asked);

	ms = p99_ms(subscriber, mover);
	kill(asker, SIGKILL);
	waitpid(asker, NULL, 0);
	*missed = xruns(c) - before;
	return ms;
}

static void
bench_asker(uint16_t port)
{
	struct client_args args = {.host = "127.0.0.1", .port = port};
	int subscriber = bench_connect(port), mover = bench_connect(port);
	double other, own, other_missed, own_missed;
	lo_message m = lo_message_new();
	struct client *c;
	uint16_t port_of_echo;
	pid_t echo;

	if (client_start(&c, &args, "bench_osc_peers") != 0)
		bench_die("no tapdeck on port %u", port);
	lo_message_add_string(m, "/strip/1/gain");
	lo_message_add_float(m, 60.5f);
	send_message(subscriber, "/subscribe", m);
	echo = echo_start(&port_of_echo);
	other = p99_beside(port_of_echo, subscriber, mover, c, &other_missed);
	kill(echo, SIGKILL);
	waitpid(echo, NULL, 0);
	own = p99_beside(port, subscriber, mover, c, &own_missed);
	bench_row("feedback beside 50,000 gets/s, p99", "<= 20 ms",
		own <= BOUND_P99_MS, "%.2f ms; another program asked %.2f ms",
		own, other);
	bench_row("xruns meanwhile", "<= other", own_missed <= other_missed,
		"%.0f; another program asked %.0f", own_missed, other_missed);
	client_close(c);
	close(subscriber);
	close(mover);
}

int
main(int argc, char **argv)
{
	if (argc != 3)
		bench_die("usage: bench_osc_peers PORT ENGINE-PID");
	bench_cost((uint16_t)atoi(argv[1]), (pid_t)atoi(argv[2]));
	bench_asker((uint16_t)atoi(argv[1]));
	return 0;
}
