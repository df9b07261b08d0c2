/* SPDX-License-Identifier: GPL-3.0-or-later */
/* midi_sound DEVICE: how long after a byte has come in the sound changes. The
 * file is that of a virtual MIDI device: what is written to it comes from it,
 * by the ALSA sequencer. One JACK client plays a constant into strip 1, whose
 * fader is controller 7; another hears what tapdeck makes of it in the same
 * cycle. A sample leaves at the time of its cycle and its place in it.
 *
 * A message in whose time a cycle began late is sent again: then the machine
 * stood still, whatever tapdeck does. The player sees it, who comes before
 * tapdeck in each cycle.
 *
 * The clients are called player and listener and have the ports out and in: it
 * begins once both are connected. */
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <unistd.h>

#include <jack/jack.h>

#include "tests/bench/bench.h"

#define SENDS	  2000u
#define AGAIN_MAX 200u
#define LATE_US	  500.0 /* a cycle begins within 0.2 ms, as a rule */
#define LEVEL	  0.5f
#define CHANGED	  1e-5f
#define GIVE_UP_S 2
/* Between two messages. A fader's ramp takes 10 ms, and a device that has sent
 * nothing for 20 ms is at rest: something must wake tapdeck. */
#define MOVE_US 13000u
#define REST_US 30000u

struct sound {
	int device;
	uint8_t knob; /* where it is */
	jack_client_t *player, *listener;
	jack_port_t *out, *in;
	float heard;	       /* last */
	_Atomic uint32_t late; /* cycles so far */
	_Atomic bool listens;
	_Atomic double came_us; /* when it changed, CLOCK_MONOTONIC */
	sem_t came;
};

/* Of the cycle that the client is in, CLOCK_MONOTONIC. */
static double
cycle_start_us(jack_client_t *c, double *period_us)
{
	jack_nframes_t frame;
	jack_time_t start_us, next_us;
	float period;

	if (jack_get_cycle_times(c, &frame, &start_us, &next_us, &period) != 0)
		bench_die("JACK does not tell the time");
	*period_us = period;
	return (double)start_us;
}

static int
on_play(jack_nframes_t n, void *data)
{
	struct sound *s = data;
	float *to = jack_port_get_buffer(s->out, n);
	double now_us = (double)bench_now_ns() / 1e3, period_us;

	if (now_us - cycle_start_us(s->player, &period_us) > LATE_US)
		atomic_fetch_add(&s->late, 1);
	for (jack_nframes_t i = 0; i < n; i++)
		to[i] = LEVEL;
	return 0;
}

static int
on_listen(jack_nframes_t n, void *data)
{
	struct sound *s = data;
	const float *from = jack_port_get_buffer(s->in, n);
	jack_nframes_t i = 0;
	double start_us, period_us;

	while (i < n && fabsf(from[i] - s->heard) < CHANGED)
		i++;
	s->heard = from[n - 1];
	if (i == n || !atomic_load(&s->listens))
		return 0;
	start_us = cycle_start_us(s->listener, &period_us);
	atomic_store(&s->came_us, start_us + period_us * i / n);
	atomic_store(&s->listens, false);
	sem_post(&s->came);
	return 0;
}

static jack_client_t *
client_new(const char *name, JackProcessCallback process, struct sound *s)
{
	jack_client_t *c = jack_client_open(name, JackNoStartServer, NULL);

	if (!c || jack_set_process_callback(c, process, s) != 0)
		bench_die("no JACK");
	return c;
}

static void
sound_open(struct sound *s)
{
	sem_init(&s->came, 0, 0);
	s->player = client_new("player", on_play, s);
	s->listener = client_new("listener", on_listen, s);
	s->out = jack_port_register(
		s->player, "out", JACK_DEFAULT_AUDIO_TYPE, JackPortIsOutput, 0);
	s->in = jack_port_register(
		s->listener, "in", JACK_DEFAULT_AUDIO_TYPE, JackPortIsInput, 0);
	if (!s->out || !s->in || jack_activate(s->player) != 0 ||
		jack_activate(s->listener) != 0)
		bench_die("no JACK ports");
	for (int i = 0;
		!jack_port_connected(s->out) || !jack_port_connected(s->in);
		i++) {
		if (i == 1000)
			bench_die("nobody connects player:out and listener:in");
		usleep(10000);
	}
}

/* When it was about to, in us. */
static double
knob_turn(struct sound *s)
{
	const uint8_t bytes[] = {0xb0, 7, s->knob = s->knob == 80 ? 40 : 80};
	uint64_t now_ns = bench_now_ns();

	if (write(s->device, bytes, sizeof(bytes)) != sizeof(bytes))
		bench_die("write: %s", strerror(errno));
	return (double)now_ns / 1e3;
}

/* us from the bytes to the change; < 0: it was in a block that had begun. NAN:
 * not within 2 s. */
static double
time_one(struct sound *s)
{
	struct timespec until;
	double start_us;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += GIVE_UP_S;
	atomic_store(&s->listens, true);
	start_us = knob_turn(s);
	while (sem_timedwait(&s->came, &until) != 0)
		if (errno == ETIMEDOUT)
			return NAN;
	return atomic_load(&s->came_us) - start_us;
}

/* Sets us[n]. False: it says nothing of tapdeck. */
static bool
time_next(struct sound *s, uint32_t gap_us, double *us, uint32_t n)
{
	uint32_t late;

	usleep(gap_us + n * 7919 % 3000);
	late = atomic_load(&s->late);
	us[n] = time_one(s);
	if (isnan(us[n]))
		bench_die("message %u was not heard", n);
	return atomic_load(&s->late) == late;
}

static void
measure(struct sound *s, const char *name, uint32_t gap_us)
{
	static double good[SENDS], all[SENDS + AGAIN_MAX];
	double block_us = 1e6 * jack_get_buffer_size(s->listener) /
			  jack_get_sample_rate(s->listener);
	uint32_t n = 0, again = 0;
	char bound[32];
	double worst;

	while (n < SENDS) {
		if (time_next(s, gap_us, all, n + again)) {
			good[n] = all[n + again];
			n++;
		} else if (++again == AGAIN_MAX) {
			bench_die("the machine stands still all the time");
		}
	}
	worst = bench_quantile(good, n, 0.999);
	snprintf(bound, sizeof(bound), "<= %.2f ms at p99.9",
		1.0 + block_us / 1e3);
	bench_row(name, bound, worst <= 1000.0 + block_us,
		"p50 %.2f ms, p99 %.2f, p99.9 %.2f; with %u more, in whose "
		"time the machine stood still, %.2f",
		bench_median(good, n) / 1e3,
		bench_quantile(good, n, 0.99) / 1e3, worst / 1e3, again,
		bench_quantile(all, n + again, 0.999) / 1e3);
}

int
main(int argc, char **argv)
{
	struct sound s = {.device = -1};

	if (argc == 2)
		s.device = open(argv[1], O_WRONLY | O_CLOEXEC);
	if (s.device < 0)
		bench_die("no device");
	sound_open(&s);
	for (int i = 0; i < 10 && isnan(time_one(&s)); i++)
		if (i == 9)
			bench_die("no sound changes");
	measure(&s, "a knob that is turned", MOVE_US);
	measure(&s, "a knob after a rest", REST_US);
	jack_client_close(s.player);
	jack_client_close(s.listener);
	close(s.device);
	return 0;
}
