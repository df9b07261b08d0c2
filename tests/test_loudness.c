/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Loudness, against the closed form and against ffmpeg's own meter. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "control/loudness/loudness.h"
#include "core/ring/ring.h"

#define CAPACITY 65536u
#define BLOCK	 480u

struct rig {
	uint32_t rate_hz;
	void *map;
	struct ring_writer w;
	struct loudness *l;
	uint64_t frame, ns;
	unsigned seed;
	FILE *copy; /* what was written, as float */
};

static struct rig *
rig_new(uint32_t rate_hz)
{
	const struct ring_config shape = {.rate_hz = rate_hz,
		.channels = 2,
		.capacity_frames = CAPACITY,
		.block_frames = BLOCK,
		.device = "Test",
		.channel_names = {"FL", "FR"}};
	size_t size = ring_size_bytes(CAPACITY, 2);
	struct rig *r = calloc(1, sizeof(*r));

	r->rate_hz = rate_hz;
	r->map = aligned_alloc(64, (size + 63) / 64 * 64);
	assert_int_equal(ring_writer_init(&r->w, r->map, size, &shape), 0);
	assert_int_equal(loudness_new(&r->l, r->map, size), 0);
	r->ns = 1000000000;
	return r;
}

static void
rig_free(struct rig *r)
{
	loudness_free(r->l);
	free(r->map);
	free(r);
}

/* -1..1 */
static float
noise(struct rig *r)
{
	r->seed = r->seed * 1664525u + 1013904223u;
	return (float)(int32_t)r->seed / 2147483648.0f;
}

/* A sine of so many Hz, or noise for 0; looked at as often as the engine does,
 * or not at all. */
static void
play(struct rig *r, double seconds, double hz, float size, bool run)
{
	uint64_t end = r->frame + (uint64_t)(seconds * r->rate_hz);
	float x[2 * BLOCK];

	while (r->frame < end) {
		for (uint32_t i = 0; i < BLOCK; i++, r->frame++)
			x[2 * i] = x[2 * i + 1] =
				size * (hz > 0.0 ? (float)sin(2 * M_PI * hz *
							      (double)r->frame /
							      r->rate_hz)
						 : noise(r));
		ring_write(&r->w, x, BLOCK);
		if (r->copy)
			fwrite(x, sizeof(x), 1, r->copy);
		r->ns += UINT64_C(1000000000) * BLOCK / r->rate_hz;
		if (run && r->frame / BLOCK % 10 == 0)
			loudness_run(r->l, r->ns);
	}
	if (run)
		loudness_run(r->l, r->ns);
}

static void
assert_near(double got, double want, double by)
{
	if (!(fabs(got - want) <= by))
		fail_msg("%g, not %g", got, want);
}

/* By BS.1770 a tone of 1 kHz on both sides has its level, whatever the rate. */
static void
a_tone_of_minus_23_has_minus_23(void **state)
{
	static const uint32_t rates[] = {44100, 48000, 96000, 192000};
	double lufs;

	(void)state;
	for (size_t i = 0; i < sizeof(rates) / sizeof(rates[0]); i++) {
		struct rig *r = rig_new(rates[i]);

		play(r, 5.0, 1000, powf(10.0f, -23.0f / 20.0f), true);
		assert_true(loudness_short(r->l, &lufs));
		assert_near(lufs, -23.0, 0.1);
		assert_true(loudness_integrated(r->l, &lufs));
		assert_near(lufs, -23.0, 0.1);
		rig_free(r);
	}
}

static void
of_what_is_not_known_there_is_no_number(void **state)
{
	struct rig *r = rig_new(48000);
	double lufs;

	(void)state;
	loudness_run(r->l, r->ns);
	assert_false(loudness_short(r->l, &lufs));
	assert_false(loudness_integrated(r->l, &lufs));
	play(r, 2.9, 1000, 0.1f, true);
	assert_false(loudness_short(r->l, &lufs));
	assert_true(loudness_integrated(r->l, &lufs));
	play(r, 0.2, 1000, 0.1f, true);
	assert_true(loudness_short(r->l, &lufs));
	assert_near(lufs, -20.0, 0.1);
	/* nothing comes any more */
	loudness_run(r->l, r->ns + 1000000000);
	assert_false(loudness_short(r->l, &lufs));
	assert_true(loudness_integrated(r->l, &lufs));
	/* silence has none, and is left out of the integrated by its gate */
	play(r, 8.0, 1000, 0.0f, true);
	assert_false(loudness_short(r->l, &lufs));
	assert_true(loudness_integrated(r->l, &lufs));
	assert_near(lufs, -20.0, 0.3);
	rig_free(r);
}

static void
lost_frames_leave_no_wrong_number(void **state)
{
	struct rig *r = rig_new(48000);
	double lufs;

	(void)state;
	play(r, 4.0, 1000, 0.1f, true);
	play(r, 3.0, 1000, 0.5f, false); /* more than the ring has */
	play(r, 0.1, 1000, 0.1f, true);
	assert_false(loudness_short(r->l, &lufs));
	assert_false(loudness_integrated(r->l, &lufs));
	play(r, 2.0, 1000, 0.1f, true);
	assert_false(loudness_short(r->l, &lufs));
	play(r, 1.5, 1000, 0.1f, true);
	assert_true(loudness_short(r->l, &lufs));
	assert_near(lufs, -20.0, 0.1);
	assert_false(loudness_integrated(r->l, &lufs));
	assert_int_equal(loudness_reset(r->l), 0);
	play(r, 1.0, 1000, 0.2f, true);
	assert_true(loudness_integrated(r->l, &lufs));
	assert_near(lufs, -14.0, 0.1);
	/* the last three seconds were not begun anew */
	assert_true(loudness_short(r->l, &lufs));
	loudness_miss(r->l);
	assert_false(loudness_integrated(r->l, &lufs));
	rig_free(r);
}

static void
what_is_no_number_does_not_stay(void **state)
{
	const float bad[2 * BLOCK] = {NAN, INFINITY};
	struct rig *r = rig_new(48000);
	double lufs;

	(void)state;
	play(r, 4.0, 1000, 0.1f, true);
	ring_write(&r->w, bad, BLOCK);
	play(r, 0.5, 1000, 0.1f, true);
	assert_false(loudness_short(r->l, &lufs));
	play(r, 4.0, 1000, 0.1f, true);
	assert_true(loudness_short(r->l, &lufs));
	assert_near(lufs, -20.0, 0.1);
	assert_int_equal(loudness_reset(r->l), 0);
	play(r, 1.0, 1000, 0.1f, true);
	assert_true(loudness_integrated(r->l, &lufs));
	assert_near(lufs, -20.0, 0.1);
	rig_free(r);
}

/* The last number behind this word in what ffmpeg says. */
static double
number_behind(const char *said, const char *word)
{
	double value = NAN;

	for (const char *at = said; (at = strstr(at, word)); at++)
		value = strtod(at + strlen(word), NULL);
	return value;
}

/* Noise and tones of several levels, with a pause; ffmpeg's numbers have one
 * digit behind the point. */
static void
ffmpeg_has_the_same_numbers(void **state)
{
	char path[] = "/tmp/tapdeck-loudness.XXXXXX", line[512];
	struct rig *r = rig_new(48000);
	double last, all;
	char *said = calloc(1, 1 << 20);
	FILE *ffmpeg;

	(void)state;
	if (system("command -v ffmpeg >/dev/null") != 0)
		skip();
	r->copy = fdopen(mkstemp(path), "w");
	assert_non_null(r->copy);
	play(r, 4.0, 0, 0.3f, true);
	play(r, 3.0, 60, 0.5f, true);
	play(r, 2.0, 0, 0.0f, true);
	play(r, 4.0, 9000, 0.05f, true);
	play(r, 2.4, 0, 0.15f, true);
	fclose(r->copy);
	assert_true(loudness_short(r->l, &last));
	assert_true(loudness_integrated(r->l, &all));
	snprintf(line, sizeof(line),
		"ffmpeg -nostdin -hide_banner -f f32le -ar 48000 -ac 2 -i %s "
		"-filter_complex ebur128 -f null - 2>&1",
		path);
	ffmpeg = popen(line, "r");
	assert_non_null(ffmpeg);
	assert_true(fread(said, 1, (1 << 20) - 1, ffmpeg) > 0);
	assert_int_equal(pclose(ffmpeg), 0);
	unlink(path);
	print_message("%.2f %.2f; ffmpeg %.1f %.1f\n", last, all,
		number_behind(said, " S:"), number_behind(said, "I: "));
	assert_near(last, number_behind(said, " S:"), 0.1);
	assert_near(all, number_behind(said, "I: "), 0.1);
	free(said);
	rig_free(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_tone_of_minus_23_has_minus_23),
		cmocka_unit_test(of_what_is_not_known_there_is_no_number),
		cmocka_unit_test(lost_frames_leave_no_wrong_number),
		cmocka_unit_test(what_is_no_number_does_not_stay),
		cmocka_unit_test(ffmpeg_has_the_same_numbers),
	};

	return cmocka_run_group_tests_name("loudness", tests, NULL, NULL);
}
