/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a device's byte to its parameter, where nothing tells that the device
 * has sent something and it is asked a thousand times a second: struct devices,
 * the mapping and the loop of a running tapdeck, with a pipe for a device.
 * Devices of the ALSA sequencer do tell, and are measured in tests/vm. Beside
 * it a bare loop that only asks: what that takes is the machine's doing. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "control/model/model.h"
#include "control/util/loop.h"
#include "control/devices/devices.h"
#include "tests/bench/bench.h"

#define SENDS	   4000u
#define GIVE_UP_MS 2000
#define BOUND_US   1000.0
#define RATIO_MAX  1.1

/* A device, and whoever asks it. */
struct end {
	struct loop *loop;
	int pipe[2];
	int came;		  /* an eventfd: it came */
	_Atomic uint64_t came_ns; /* when; 0: not yet */
	pthread_t thread;
};

struct deck {
	struct end end;
	struct model *model;
	struct devices *devices;
};

static void
end_open(struct end *e)
{
	e->came = eventfd(0, EFD_CLOEXEC);
	if (e->came < 0 || pipe2(e->pipe, O_NONBLOCK | O_CLOEXEC) < 0 ||
		loop_new(&e->loop) < 0)
		bench_die("no pipe: %s", strerror(errno));
}

/* One move is several parameters: the first of them. */
static void
end_came(struct end *e)
{
	const uint64_t one = 1;
	uint64_t never = 0;

	if (!atomic_compare_exchange_strong(
		    &e->came_ns, &never, bench_now_ns()))
		return;
	if (write(e->came, &one, sizeof(one)) != sizeof(one))
		bench_die("write: %s", strerror(errno));
}

static void *
end_run(void *data)
{
	struct end *e = data;

	loop_run(e->loop);
	return NULL;
}

/* ---- tapdeck ---- */

static uint32_t
on_scan(void *data, struct midi_port *out, uint32_t max)
{
	(void)data;
	if (max == 0)
		return 0;
	*out = (struct midi_port){
		.name = "X-TOUCH_INT", .input = true, .output = true};
	return 1;
}

static int
on_open(void *data, uint32_t port, bool *in, bool *out)
{
	(void)data, (void)port;
	*in = *out = true;
	return 0;
}

static int
on_read(void *data, uint32_t port, uint8_t *bytes, uint32_t max)
{
	struct deck *d = data;
	ssize_t n = read(d->end.pipe[0], bytes, max);

	(void)port;
	return n > 0 ? (int)n : 0;
}

static int
on_write(void *data, uint32_t port, const uint8_t *bytes, uint32_t n)
{
	(void)data, (void)port, (void)bytes, (void)n;
	return 0;
}

static void
on_param(void *data, uint32_t id, uint32_t source)
{
	struct deck *d = data;

	(void)id, (void)source;
	end_came(&d->end);
}

static void
deck_open(struct deck *d)
{
	static const struct midi_backend backend = {
		.scan = on_scan,
		.open = on_open,
		.read = on_read,
		.write = on_write,
	};
	struct devices_config devices = {
		.backend = &backend, .backend_data = d};
	struct model_config config;

	end_open(&d->end);
	model_config_init(&config);
	if (model_new(&d->model, &config, bench_memory(model_memory_bytes())) <
		0)
		bench_die("no model");
	devices.loop = d->end.loop;
	devices.params = model_params(d->model);
	setenv("TAPDECK_MAPPINGS", "mappings", 1);
	setenv("XDG_CONFIG_HOME", "/nonexistent", 1);
	setenv("XDG_STATE_HOME", "/nonexistent", 1);
	if (param_listen(devices.params, on_param, d) < 0 ||
		devices_open(&d->devices, &devices) < 0)
		bench_die("no devices");
}

/* ---- a bare loop ---- */

static void
on_time(void *data)
{
	struct end *e = data;
	uint8_t bytes[16];

	if (read(e->pipe[0], bytes, sizeof(bytes)) > 0)
		end_came(e);
}

/* ---- the hand ---- */

/* us until it came. Waits asleep: a hand that looks again and again takes the
 * processor from those it waits for. */
static double
time_one(struct end *e, uint32_t i)
{
	const uint8_t bytes[] = {0xe0, i % 100, i % 2 ? 40 : 80};
	const struct timespec pause = {.tv_nsec = 300000 + i * 7919 % 3000000};
	struct pollfd came = {.fd = e->came, .events = POLLIN};
	uint64_t start_ns, count;

	nanosleep(&pause, NULL);
	atomic_store(&e->came_ns, 0);
	start_ns = bench_now_ns();
	if (write(e->pipe[1], bytes, sizeof(bytes)) != sizeof(bytes))
		bench_die("write: %s", strerror(errno));
	if (poll(&came, 1, GIVE_UP_MS) != 1 ||
		read(e->came, &count, sizeof(count)) != sizeof(count))
		bench_die("message %u did not come", i);
	return (double)(atomic_load(&e->came_ns) - start_ns) / 1e3;
}

static void
show(const char *name, const char *bound, double *us)
{
	double worst = bench_quantile(us, SENDS, 0.999);

	bench_row(name, bound, worst <= BOUND_US,
		"p50 %.0f us, p99 %.0f, p99.9 %.0f",
		bench_quantile(us, SENDS, 0.5), bench_quantile(us, SENDS, 0.99),
		worst);
}

static void
show_ratio(double *deck_us, double *bare_us)
{
	double ratio = bench_quantile(deck_us, SENDS, 0.99) /
		       bench_quantile(bare_us, SENDS, 0.99);

	bench_row("tapdeck to the bare loop", "<= 1.1", ratio <= RATIO_MAX,
		"%.2f at p99", ratio);
}

int
main(void)
{
	static double deck_us[SENDS], bare_us[SENDS];
	struct deck deck = {.devices = NULL};
	struct end bare = {.loop = NULL};

	deck_open(&deck);
	end_open(&bare);
	loop_timer(bare.loop, 0, MIDI_POLL_NS, on_time, &bare);
	if (pthread_create(&deck.end.thread, NULL, end_run, &deck.end) != 0 ||
		pthread_create(&bare.thread, NULL, end_run, &bare) != 0)
		bench_die("no thread");
	for (uint32_t i = 0; i < SENDS; i++) {
		deck_us[i] = time_one(&deck.end, i);
		bare_us[i] = time_one(&bare, i);
	}
	bench_title("MIDI: from a device's byte to its parameter, asked 1000 "
		    "times a second");
	show("tapdeck", "<= 1 ms at p99.9", deck_us);
	show("a bare loop that only asks", "", bare_us);
	show_ratio(deck_us, bare_us);
	loop_stop(deck.end.loop, 0);
	loop_stop(bare.loop, 0);
	pthread_join(deck.end.thread, NULL);
	pthread_join(bare.thread, NULL);
	devices_close(deck.devices);
	model_free(deck.model);
	loop_free(deck.end.loop);
	loop_free(bare.loop);
	return 0;
}
