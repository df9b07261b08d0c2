/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the ring's writer costs over memcpy(): blocks of 256 stereo frames into
 * the same memory, that of a ring as tapdeck publishes it. JACK's ring buffer,
 * the classic one of jackd, copies the same blocks into memory of its own.
 *
 * A turn is whole laps from the ring's start, after one that does not count, so
 * that each way finds the caches as it has left them itself. */
#include "core/ring/ring.h"

#include <errno.h>
#include <jack/ringbuffer.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/ring/protocol.h"
#include "tests/bench/bench.h"

#define FRAMES	    256u
#define CAPACITY    262144u /* frames: 5.5 s at 48 kHz, as tapdeck has it */
#define SMALL	    8192u
#define SOURCES	    8u	  /* blocks, one after the other */
#define TURN_WRITES 1024u /* laps of either ring */
#define JACK_READS  16u	  /* writes between two times that it is emptied */
#define TURNS	    2000u
#define BOUND	    0.9
#define SAMPLES	    (2 * FRAMES)

struct bench {
	struct ring_writer writer;
	float *memory; /* the same as the writer's */
	void *map;
	size_t size_bytes;
	int fd;
	uint32_t capacity;
	jack_ringbuffer_t *jack;
	float *source;	 /* [SOURCES][SAMPLES]; planar is the same bytes */
	uint32_t copied; /* frames, as the writer's tail */
};

enum way { WAY_COPY, WAY_WRITE, WAY_PLANAR, WAY_JACK, WAYS };

static void
bench_open(struct bench *b, uint32_t capacity)
{
	const struct ring_config config = {
		.rate_hz = 48000,
		.channels = 2,
		.capacity_frames = capacity,
		.block_frames = FRAMES,
		.device = "bench",
		.channel_names = {"FL", "FR"},
	};
	size_t samples = (size_t)SOURCES * SAMPLES;
	int res;

	b->capacity = capacity;
	b->size_bytes = ring_size_bytes(capacity, 2);
	res = ring_memory_new("bench", b->size_bytes, &b->fd, &b->map);
	if (res == 0)
		res = ring_writer_init(
			&b->writer, b->map, b->size_bytes, &config);
	if (res < 0)
		bench_die("no ring: %s", strerror(-res));
	b->memory = b->writer.data;
	b->jack = jack_ringbuffer_create(capacity * 2 * sizeof(float));
	if (!b->jack)
		bench_die("no JACK ring buffer");
	memset(b->jack->buf, 0, b->jack->size);
	b->source = bench_memory(samples * sizeof(float));
	bench_noise(b->source, samples);
	b->copied = 0;
}

static void
bench_close(struct bench *b)
{
	munmap(b->map, b->size_bytes);
	close(b->fd);
	jack_ringbuffer_free(b->jack);
	free(b->source);
}

static const float *
source(const struct bench *b, uint32_t i)
{
	return b->source + (size_t)(i % SOURCES) * SAMPLES;
}

/* Whoever would copy by hand into the ring's memory, block after block. */
static void
copy_write(struct bench *b, const float *from, size_t size_bytes)
{
	memcpy(b->memory + (size_t)b->copied * 2, from, size_bytes);
	b->copied = (b->copied + FRAMES) & (b->capacity - 1);
}

static void
jack_write(struct bench *b, const float *from, size_t size_bytes, uint32_t i)
{
	jack_ringbuffer_write(b->jack, (const char *)from, size_bytes);
	if (i % JACK_READS == 0)
		jack_ringbuffer_read_advance(
			b->jack, jack_ringbuffer_read_space(b->jack));
}

static void
write_blocks(struct bench *b, enum way way, uint32_t blocks)
{
	volatile size_t size_bytes = SAMPLES * sizeof(float);
	volatile uint32_t frames = FRAMES;

	for (uint32_t i = 0; i < blocks; i++) {
		const float *from = source(b, i);
		const float *const ch[2] = {from, from + FRAMES};

		switch (way) {
		case WAY_COPY:
			copy_write(b, from, size_bytes);
			break;
		case WAY_WRITE:
			ring_write(&b->writer, from, frames);
			break;
		case WAY_PLANAR:
			ring_write_planar(&b->writer, ch, frames);
			break;
		case WAY_JACK:
			jack_write(b, from, size_bytes, i);
			break;
		case WAYS:
			break;
		}
	}
}

static double
turn(struct bench *b, enum way way)
{
	uint64_t start_ns;

	write_blocks(b, way, b->capacity / FRAMES);
	start_ns = bench_now_ns();
	write_blocks(b, way, TURN_WRITES);
	return (double)(bench_now_ns() - start_ns);
}

static double
gib_per_s(double turn_ns)
{
	return TURN_WRITES * SAMPLES * sizeof(float) / turn_ns * 1e9 /
	       (1u << 30);
}

static void
show(const char *name, const char *bound, double copy_ns, double ns)
{
	bench_row(name, bound, copy_ns / ns >= BOUND,
		"%.2f of memcpy (%.1f GiB/s, %.0f ns a block)", copy_ns / ns,
		gib_per_s(ns), ns / TURN_WRITES);
}

/* Planes have to be interleaved as well: in a ring of the size that tapdeck has
 * the memory is what that waits for, in a small one it shows. */
static void
run(uint32_t capacity, const char *planar_bound)
{
	struct bench b;
	double *ns[WAYS];
	double median[WAYS];

	bench_open(&b, capacity);
	for (int w = 0; w < WAYS; w++)
		ns[w] = bench_memory(TURNS * sizeof(double));
	for (uint32_t t = 0; t < TURNS; t++) {
		/* each goes first as often as the others */
		for (uint32_t i = 0; i < WAYS; i++) {
			enum way w = (enum way)((t + i) % WAYS);

			ns[w][t] = turn(&b, w);
		}
	}
	for (int w = 0; w < WAYS; w++) {
		median[w] = bench_median(ns[w], TURNS);
		free(ns[w]);
	}
	show("memcpy into the ring's memory", "", median[WAY_COPY],
		median[WAY_COPY]);
	show("ring_write", ">= 0.9", median[WAY_COPY], median[WAY_WRITE]);
	show("ring_write_planar, from two planes", planar_bound,
		median[WAY_COPY], median[WAY_PLANAR]);
	show("jack_ringbuffer_write", "", median[WAY_COPY], median[WAY_JACK]);
	bench_close(&b);
}

int
main(void)
{
	bench_title("ring: 256-frame stereo blocks into 2 MiB "
		    "(as published)");
	run(CAPACITY, ">= 0.9");
	bench_title("ring: 256-frame stereo blocks into 64 KiB");
	run(SMALL, "");
	return 0;
}
