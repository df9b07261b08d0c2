/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the ring's writer costs over memcpy(): blocks of 256 frames into the
 * same memory, that of a ring as tapdeck publishes it. JACK's ring buffer, the
 * classic one of jackd, copies the same blocks into memory of its own.
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
#define LARGE	    (2u << 20) /* bytes: stereo for 5.5 s, as tapdeck has it */
#define SMALL	    (64u << 10)
#define SOURCES	    8u	    /* blocks, one after the other */
#define TURN_FRAMES 262144u /* of stereo: laps of either ring */
#define TURNS	    2000u

struct bench {
	struct ring_writer writer;
	float *memory; /* the same as the writer's */
	void *map;
	size_t size_bytes;
	int fd;
	uint32_t channels;
	uint32_t capacity; /* frames */
	uint32_t writes;   /* of a turn */
	jack_ringbuffer_t *jack;
	float *source; /* [SOURCES][FRAMES][channels]; planar is the same bytes
			*/
	uint32_t copied; /* frames, as the writer's tail */
};

enum way { WAY_COPY, WAY_WRITE, WAY_PLANAR, WAY_JACK, WAYS };

static void
bench_open(struct bench *b, uint32_t channels, uint32_t bytes)
{
	uint32_t frame_bytes = channels * (uint32_t)sizeof(float);
	const struct ring_config config = {
		.rate_hz = 48000,
		.channels = channels,
		.capacity_frames = bytes / frame_bytes,
		.block_frames = FRAMES,
		.device = "bench",
	};
	size_t samples = (size_t)SOURCES * FRAMES * channels;
	int res;

	b->channels = channels;
	b->capacity = config.capacity_frames;
	b->writes = TURN_FRAMES / FRAMES * 2 / channels;
	b->size_bytes = ring_size_bytes(b->capacity, channels);
	res = ring_memory_new("bench", b->size_bytes, &b->fd, &b->map);
	if (res == 0)
		res = ring_writer_init(
			&b->writer, b->map, b->size_bytes, &config);
	if (res < 0)
		bench_die("no ring: %s", strerror(-res));
	b->memory = b->writer.data;
	b->jack = jack_ringbuffer_create(bytes);
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
	return b->source + (size_t)(i % SOURCES) * FRAMES * b->channels;
}

/* Whoever would copy by hand into the ring's memory, block after block. */
static void
copy_write(struct bench *b, const float *from, size_t size_bytes)
{
	memcpy(b->memory + (size_t)b->copied * b->channels, from, size_bytes);
	b->copied = (b->copied + FRAMES) & (b->capacity - 1);
}

static void
jack_write(struct bench *b, const float *from, size_t size_bytes, uint32_t i)
{
	jack_ringbuffer_write(b->jack, (const char *)from, size_bytes);
	if (i % (b->capacity / FRAMES / 2) == 0) /* never full */
		jack_ringbuffer_read_advance(
			b->jack, jack_ringbuffer_read_space(b->jack));
}

static void
write_blocks(struct bench *b, enum way way, uint32_t blocks)
{
	volatile size_t size_bytes = FRAMES * b->channels * sizeof(float);
	volatile uint32_t frames = FRAMES;

	for (uint32_t i = 0; i < blocks; i++) {
		const float *from = source(b, i);
		const float *ch[RING_CHANNELS_MAX];

		for (uint32_t c = 0; c < b->channels; c++)
			ch[c] = from + (size_t)c * FRAMES;
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
	write_blocks(b, way, b->writes);
	return (double)(bench_now_ns() - start_ns);
}

static void
show(const struct bench *b, const char *name, double bound, double copy_ns,
	double ns)
{
	double block_bytes = FRAMES * b->channels * sizeof(float);
	double block_ns = ns / b->writes;
	char text[16] = "";

	if (bound > 0.0)
		snprintf(text, sizeof(text), ">= %.1f", bound);
	bench_row(name, text, copy_ns / ns >= bound,
		"%.2f of memcpy (%.1f GiB/s, %.0f ns a block)", copy_ns / ns,
		block_bytes / block_ns * 1e9 / (1u << 30), block_ns);
}

static void
run(uint32_t channels, uint32_t bytes, double write_bound, double planar_bound)
{
	struct bench b;
	double *ns[WAYS];
	double median[WAYS];
	char title[80];

	snprintf(title, sizeof(title),
		"ring: 256-frame blocks of %u channels into %u KiB", channels,
		bytes >> 10);
	bench_title(title);
	bench_open(&b, channels, bytes);
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
	show(&b, "memcpy into the ring's memory", 0.0, median[WAY_COPY],
		median[WAY_COPY]);
	show(&b, "ring_write", write_bound, median[WAY_COPY],
		median[WAY_WRITE]);
	show(&b, "ring_write_planar, from planes", planar_bound,
		median[WAY_COPY], median[WAY_PLANAR]);
	show(&b, "jack_ringbuffer_write", 0.0, median[WAY_COPY],
		median[WAY_JACK]);
	bench_close(&b);
}

int
main(void)
{
	run(2, LARGE, 0.9, 0.9);
	run(2, SMALL, 0.9, 0.9);
	run(32, LARGE, 0.0, 0.5);
	run(32, SMALL, 0.0, 0.5);
	return 0;
}
