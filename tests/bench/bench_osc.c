/* SPDX-License-Identifier: GPL-3.0-or-later */
/* OSC: bench_osc PORT ENGINE-PID measures how many messages a second a running
 * tapdeck handles, beside a bare liblo server with one handler that does
 * nothing but count. The sender is the same, and sends more than either can
 * take; what the kernel dropped for want of room is not counted, since each
 * server tells how many it has handled. */
#include "control/cli/client.h"

#include <arpa/inet.h>
#include <errno.h>
#include <lo/lo.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/bench/bench_osc.h"

#define PACKETS	    512u /* different ones, that are sent in turn */
#define PACKET_MAX  64u
#define BATCH	    32u
#define ROUND_NS    400000000u
#define ROUNDS	    7u
#define DRAIN_NS    100000000u
#define STRIPS	    16u
#define BOUND_RATIO 0.8

struct packets {
	uint8_t bytes[PACKETS][PACKET_MAX];
	struct iovec iov[PACKETS];
	struct mmsghdr msg[PACKETS];
	uint32_t at;
};

struct bare {
	pid_t pid;
	uint16_t port;
	_Atomic uint64_t *handled; /* shared; the child writes */
};

/* What came of one round. */
struct round {
	double per_s;	  /* handled */
	double cpu_ns;	  /* of the thread that handles, per message */
	double lost_part; /* of all that was sent */
};

/* Faders of all strips, each message another value. */
static void
packets_make(struct packets *p)
{
	memset(p, 0, sizeof(*p));
	for (uint32_t i = 0; i < PACKETS; i++) {
		lo_message m = lo_message_new();
		size_t size = PACKET_MAX;
		char address[32];

		if (!m)
			bench_die("no memory");
		snprintf(address, sizeof(address), "/strip/%u/gain",
			i % STRIPS + 1);
		lo_message_add_float(m, -(float)(i % 300 + 1) / 10.0f);
		if (!lo_message_serialise(m, address, p->bytes[i], &size))
			bench_die("no message");
		lo_message_free(m);
		p->iov[i] = (struct iovec){p->bytes[i], size};
		p->msg[i].msg_hdr.msg_iov = &p->iov[i];
		p->msg[i].msg_hdr.msg_iovlen = 1;
	}
}

/* As many as go in ROUND_NS; returns how many. */
static uint64_t
flood(struct packets *p, int fd, uint64_t *took_ns)
{
	uint64_t start_ns = bench_now_ns(), sent = 0;

	do {
		int n = sendmmsg(fd, &p->msg[p->at], BATCH, 0);

		if (n < 0 && errno != EINTR && errno != ENOBUFS)
			bench_die("send: %s", strerror(errno));
		if (n > 0)
			sent += (uint64_t)n;
		p->at = (p->at + BATCH) % PACKETS;
		*took_ns = bench_now_ns() - start_ns;
	} while (*took_ns < ROUND_NS);
	return sent;
}

/* ---- the bare server ---- */

static int
on_message(const char *path, const char *types, lo_arg **argv, int argc,
	lo_message m, void *data)
{
	_Atomic uint64_t *handled = data;

	(void)path, (void)types, (void)argv, (void)argc, (void)m;
	/* relaxed: only this process stores it */
	atomic_store_explicit(handled,
		atomic_load_explicit(handled, memory_order_relaxed) + 1,
		memory_order_relaxed);
	return 0;
}

static void
bare_serve(struct bare *b, int tell)
{
	lo_server s = lo_server_new(NULL, NULL);
	uint16_t port;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (!s)
		_exit(70);
	lo_server_add_method(s, NULL, NULL, on_message, b->handled);
	port = (uint16_t)lo_server_get_port(s);
	if (write(tell, &port, sizeof(port)) != sizeof(port))
		_exit(70);
	for (;;)
		lo_server_recv(s);
}

static void
bare_start(struct bare *b)
{
	int tell[2];

	b->handled = mmap(NULL, sizeof(*b->handled), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (b->handled == MAP_FAILED || pipe(tell) < 0)
		bench_die("%s", strerror(errno));
	b->pid = fork();
	if (b->pid < 0)
		bench_die("fork: %s", strerror(errno));
	if (b->pid == 0)
		bare_serve(b, tell[1]);
	close(tell[1]);
	if (read(tell[0], &b->port, sizeof(b->port)) != sizeof(b->port))
		bench_die("the bare liblo server did not start");
	close(tell[0]);
}

static void
bare_stop(struct bare *b)
{
	kill(b->pid, SIGKILL);
	waitpid(b->pid, NULL, 0);
	munmap(b->handled, sizeof(*b->handled));
}

static double
bare_handled(void *data)
{
	struct bare *b = data;

	/* relaxed: a number alone */
	return (double)atomic_load_explicit(b->handled, memory_order_relaxed);
}

/* ---- tapdeck ---- */

static void
on_status(void *data, const struct client_message *m)
{
	if (strcmp(m->address, "/status") == 0 &&
		strcmp(client_string(m, 0), "osc_packets") == 0)
		*(double *)data = client_number(m, 1);
}

static double
deck_handled(void *data)
{
	double packets = -1.0;

	if (client_send(data, "/status", "") < 0 ||
		client_fence(data, on_status, &packets) < 0 || packets < 0.0)
		bench_die("tapdeck does not tell its /status");
	return packets;
}

/* ---- both ---- */

/* What is still in the socket after the flood has been sent in time. */
static double
handled_at_rest(double (*handled)(void *), void *data)
{
	const struct timespec a_moment = {.tv_nsec = DRAIN_NS};

	nanosleep(&a_moment, NULL);
	return handled(data);
}

static struct round
round_run(struct packets *p, int fd, pid_t pid, double (*handled)(void *),
	void *data)
{
	double before = handled_at_rest(handled, data);
	uint64_t cpu_ns = bench_thread_cpu_ns(pid);
	uint64_t took_ns, sent = flood(p, fd, &took_ns);
	double done = handled_at_rest(handled, data) - before;

	cpu_ns = bench_thread_cpu_ns(pid) - cpu_ns;
	return (struct round){
		.per_s = done / (double)took_ns * 1e9,
		.cpu_ns = (double)cpu_ns / done,
		/* asking for it has sent a few packets more */
		.lost_part =
			done < (double)sent ? 1.0 - done / (double)sent : 0.0,
	};
}

static void
show(struct round deck[ROUNDS], struct round bare[ROUNDS])
{
	double a[ROUNDS], b[ROUNDS], ratio[ROUNDS], cpu_a[ROUNDS],
		cpu_b[ROUNDS], lost_a[ROUNDS], lost_b[ROUNDS];

	for (uint32_t i = 0; i < ROUNDS; i++) {
		a[i] = deck[i].per_s;
		b[i] = bare[i].per_s;
		ratio[i] = a[i] / b[i];
		cpu_a[i] = deck[i].cpu_ns;
		cpu_b[i] = bare[i].cpu_ns;
		lost_a[i] = deck[i].lost_part;
		lost_b[i] = bare[i].lost_part;
	}
	bench_row("tapdeck run: messages a second", "", true,
		"%.0f (%.0f %% of what was sent did not fit)",
		bench_median(a, ROUNDS), 100.0 * bench_median(lost_a, ROUNDS));
	bench_row("bare liblo server, one empty handler", "", true,
		"%.0f (%.0f %%)", bench_median(b, ROUNDS),
		100.0 * bench_median(lost_b, ROUNDS));
	bench_row("tapdeck run to bare liblo", ">= 0.8",
		bench_median(ratio, ROUNDS) >= BOUND_RATIO, "%.2f",
		bench_median(ratio, ROUNDS));
	bench_row("CPU of the handling thread per message", "", true,
		"%.2f us; bare liblo %.2f us",
		bench_median(cpu_a, ROUNDS) / 1e3,
		bench_median(cpu_b, ROUNDS) / 1e3);
}

int
main(int argc, char **argv)
{
	struct client_args args = {.host = "127.0.0.1"};
	struct round deck[ROUNDS], bare[ROUNDS];
	struct packets *p = bench_memory(sizeof(*p));
	struct client *client;
	struct bare b;
	int to_deck, to_bare;
	pid_t engine;

	if (argc != 3)
		bench_die("usage: bench_osc PORT ENGINE-PID");
	args.port = (uint32_t)atoi(argv[1]);
	engine = (pid_t)atoi(argv[2]);
	packets_make(p);
	bare_start(&b);
	if (client_start(&client, &args, "bench_osc") != 0)
		bench_die("no tapdeck on port %u", args.port);
	to_deck = bench_connect((uint16_t)args.port);
	to_bare = bench_connect(b.port);
	for (uint32_t i = 0; i < ROUNDS; i++) {
		deck[i] = round_run(p, to_deck, engine, deck_handled, client);
		bare[i] = round_run(p, to_bare, b.pid, bare_handled, &b);
	}
	show(deck, bare);
	close(to_deck);
	close(to_bare);
	client_close(client);
	bare_stop(&b);
	free(p);
	return 0;
}
