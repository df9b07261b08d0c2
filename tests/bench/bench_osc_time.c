/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How long after a message was sent the audio thread can see it: from just
 * before send() to the message in the mixer's queue, with the real OSC server,
 * model and mixer on a control thread that sleeps in poll() each time. A bare
 * liblo server is measured the same way, to its handler.
 *
 * This thread stands for the audio thread, but looks at its queue all the time
 * and not once a block: what a block adds is at most its own length. */
#include <arpa/inet.h>
#include <errno.h>
#include <lo/lo.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <unistd.h>

#include "control/osc/osc.h"
#include "core/mixer/mixer.h"
#include "core/mixer/mixer_state.h"
#include "tests/bench/bench.h"

#define SENDS	   6000u
#define PAUSE_NS   150000 /* so that the other thread is asleep again */
#define GIVE_UP_NS 2000000000u
#define FRAMES	   64u

struct deck {
	struct loop *loop;
	struct model *model;
	struct mixer *mixer;
	struct osc *osc;
	void *memory;
	pthread_t thread;
	int fd;
};

struct bare {
	lo_server server;
	pthread_t thread;
	int fd;
	_Atomic uint32_t handled; /* its thread writes */
	uint32_t seen;
	_Atomic bool stop;
};

static int
connect_to(uint16_t port)
{
	struct sockaddr_in to = {.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof(to)) < 0)
		bench_die("UDP port %u: %s", port, strerror(errno));
	return fd;
}

static void *
deck_serve(void *data)
{
	loop_run(((struct deck *)data)->loop);
	return NULL;
}

static void
deck_block(struct deck *d)
{
	mixer_run(d->mixer, NULL, 0, NULL, FRAMES);
}

static void
deck_start(struct deck *d)
{
	const struct mixer_config mixer = {.strips = 16,
		.buses = 2,
		.rate_hz = 48000,
		.block_max = BLOCK_MAX};
	struct model_config shape;
	struct osc_config osc;

	model_config_init(&shape);
	osc_config_init(&osc);
	osc.port = 0;
	d->memory = calloc(1, model_memory_bytes());
	if (!d->memory || loop_new(&d->loop) < 0 ||
		model_new(&d->model, &shape, d->memory) < 0 ||
		mixer_new(&d->mixer, &mixer) < 0)
		bench_die("no model");
	model_mixer_start(d->model, d->mixer, mixer.rate_hz);
	model_set_loop(d->model, d->loop);
	if (osc_open(&d->osc, &osc, d->loop, d->model, NULL) < 0)
		bench_die("no OSC server");
	deck_block(d);
	d->fd = connect_to(osc_port(d->osc));
	if (pthread_create(&d->thread, NULL, deck_serve, d) != 0)
		bench_die("no thread");
}

static void
deck_stop(struct deck *d)
{
	loop_stop(d->loop, 0);
	pthread_join(d->thread, NULL);
	close(d->fd);
	osc_close(d->osc);
	model_free(d->model);
	mixer_free(d->mixer);
	loop_free(d->loop);
	free(d->memory);
}

static bool
deck_has_it(void *data)
{
	struct deck *d = data;

	return queue_count(&d->mixer->queue) > 0;
}

static int
on_message(const char *path, const char *types, lo_arg **argv, int argc,
	lo_message m, void *data)
{
	struct bare *b = data;

	(void)path, (void)types, (void)argv, (void)argc, (void)m;
	/* relaxed: a count, nothing goes with it */
	atomic_fetch_add_explicit(&b->handled, 1, memory_order_relaxed);
	return 0;
}

static void *
bare_serve(void *data)
{
	struct bare *b = data;

	/* relaxed: a flag alone */
	while (!atomic_load_explicit(&b->stop, memory_order_relaxed))
		lo_server_recv(b->server);
	return NULL;
}

static void
bare_start(struct bare *b)
{
	b->server = lo_server_new(NULL, NULL);
	if (!b->server)
		bench_die("no liblo server");
	lo_server_add_method(b->server, NULL, NULL, on_message, b);
	b->fd = connect_to((uint16_t)lo_server_get_port(b->server));
	if (pthread_create(&b->thread, NULL, bare_serve, b) != 0)
		bench_die("no thread");
}

static size_t
make_gain(uint8_t packet[64], uint32_t i)
{
	size_t size = 64;
	lo_message m = lo_message_new();

	if (!m)
		bench_die("no memory");
	lo_message_add_float(m, -(float)(i % 300 + 1) / 10.0f);
	lo_message_serialise(m, "/strip/3/gain", packet, &size);
	lo_message_free(m);
	return size;
}

/* When it was about to be sent. */
static uint64_t
send_gain(int fd, uint32_t i)
{
	uint8_t packet[64];
	size_t size = make_gain(packet, i);
	uint64_t start_ns = bench_now_ns();

	if (send(fd, packet, size, 0) < 0)
		bench_die("send: %s", strerror(errno));
	return start_ns;
}

static void
bare_stop(struct bare *b)
{
	/* relaxed: the message that follows wakes it up */
	atomic_store_explicit(&b->stop, true, memory_order_relaxed);
	send_gain(b->fd, 0);
	pthread_join(b->thread, NULL);
	close(b->fd);
	lo_server_free(b->server);
}

static bool
bare_has_it(void *data)
{
	struct bare *b = data;

	/* relaxed: a count alone */
	return atomic_load_explicit(&b->handled, memory_order_relaxed) !=
	       b->seen;
}

/* us from just before send() until it has come */
static double
time_one(int fd, uint32_t i, bool (*has_it)(void *), void *data)
{
	const struct timespec pause = {.tv_nsec = PAUSE_NS};
	uint64_t start_ns;

	nanosleep(&pause, NULL);
	start_ns = send_gain(fd, i);
	while (!has_it(data))
		if (bench_now_ns() - start_ns > GIVE_UP_NS)
			bench_die("message %u did not come", i);
	return (double)(bench_now_ns() - start_ns) / 1e3;
}

static void
show(const char *name, double *us)
{
	double p50 = bench_quantile(us, SENDS, 0.5);
	double p99 = bench_quantile(us, SENDS, 0.99);

	bench_row(name, "", true, "p50 %.1f us, p99 %.0f, p99.9 %.0f", p50, p99,
		bench_quantile(us, SENDS, 0.999));
}

int
main(void)
{
	double *deck_us = bench_memory(SENDS * sizeof(double));
	double *bare_us = bench_memory(SENDS * sizeof(double));
	struct deck deck = {.fd = -1};
	struct bare bare = {.fd = -1};

	deck_start(&deck);
	bare_start(&bare);
	for (uint32_t i = 0; i < SENDS; i++) {
		deck_us[i] = time_one(deck.fd, i, deck_has_it, &deck);
		deck_block(&deck);
		bare_us[i] = time_one(bare.fd, i, bare_has_it, &bare);
		bare.seen++;
	}
	bench_title("OSC: from send() of one message, the server asleep");
	show("to the audio thread's queue", deck_us);
	show("bare liblo: to its handler", bare_us);
	deck_stop(&deck);
	bare_stop(&bare);
	free(deck_us);
	free(bare_us);
	return 0;
}
