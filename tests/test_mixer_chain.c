/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All that a strip and a bus have, at once: whatever is said, what is heard is
 * a number, whatever the rate, and of what was none nothing stays. */
#include "tests/mixer_rig.h"

#include <math.h>

#define SECOND 48000u
#define STRIPS 3u
#define BUSES  2u

static const uint32_t rates[] = {44100, 48000, 88200, 96000, 176400, 192000};

#define RATES (sizeof(rates) / sizeof(*rates))

/* Ten million frames in all. */
#define ROUNDS (10000000u / SECOND + 1)

static void
assert_numbers(const struct rig *r)
{
	for (uint32_t b = 0; b < BUSES; b++)
		for (int i = 0; i < 2; i++)
			for (uint32_t n = 0; n < r->frames; n++)
				assert_true(isfinite(r->out[b][i][n]));
}

/* Would it take sound away? Of most such words another is made. */
static bool
silences(const struct message *msg)
{
	switch ((enum mix)msg->parameter) {
	case MIX_MUTE:
	case MIX_BUS_MUTE:
	case MIX_SOLO:
	case MIX_KEPT_OUT:
		return msg->target != 0.0f;
	case MIX_ROUTE:
		return msg->target < 1.0f;
	case MIX_RESONANCE:
	case MIX_FILTER:
	case MIX_SIDE:
		return false;
	default:
		return msg->target == 0.0f;
	}
}

/* Blocks of any size, a few words of any kind before each. */
static void
play_at_random(struct rig *r)
{
	for (r->at = 0; r->at < r->frames;) {
		uint32_t n = 1 + rig_random(r) % 700;

		for (uint32_t k = rig_random(r) % 3; k > 0; k--) {
			struct message msg = rig_random_message(r);

			if (silences(&msg) && rig_random(r) % 16)
				continue;
			msg.frame = mixer_frame(r->m) + rig_random(r) % n;
			msg.ramp = rig_random(r) % 2000;
			msg.law = (uint8_t)(rig_random(r) % RAMP_LAWS);
			rig_post(r, &msg);
		}
		rig_run(r, n < r->frames - r->at ? n : r->frames - r->at);
	}
}

static void
ten_million_frames_of_any_words_stay_finite(void **state)
{
	struct rig *r = rig_new(STRIPS, BUSES, SECOND);
	uint32_t heard = 0;

	(void)state;
	for (uint32_t k = 0; k < ROUNDS; k++) {
		if (k % 20 == 0)
			assert_int_equal(
				mixer_set_rate(r->m, rates[k / 20 % RATES]), 0);
		play_at_random(r);
		assert_numbers(r);
		for (uint32_t n = 0; n < SECOND; n += 100)
			heard += r->out[0][0][n] != 0.0f;
	}
	/* and it was no test of silence */
	assert_true(heard > ROUNDS * SECOND / 100 / 10);
	assert_int_equal(rig_counters(r).bad_samples, 0);
	rig_free(r);
}

/* All on, then a burst that trim makes infinite, NaNs, and silence. */
static void
of_a_burst_nothing_stays(void **state)
{
	static const struct {
		enum mix what;
		float to;
	} on[] = {{MIX_EQ_LOW, 0.3f}, {MIX_EQ_MID, 1.5f}, {MIX_FILTER, 0.6f},
		{MIX_RESONANCE, 1.0f}, {MIX_WIDTH, 0.4f}, {MIX_TRIM, 15.0f},
		{MIX_GAIN, 15.0f}, {MIX_SIDE, 1.0f}};

	(void)state;
	for (size_t k = 0; k < RATES; k++) {
		struct rig *r = rig_new(STRIPS, BUSES, SECOND);

		assert_int_equal(mixer_set_rate(r->m, rates[k]), 0);
		for (uint32_t b = 0; b < BUSES; b++)
			rig_say(r, 0, MIX_BUS_LIMIT, b, 1.0f);
		for (uint32_t s = 0; s < STRIPS; s++) {
			rig_route(r, s, 3);
			for (size_t w = 0; w < sizeof(on) / sizeof(*on); w++)
				rig_say(r, 0, on[w].what, s, on[w].to);
			for (uint32_t n = 0; n < SECOND; n++)
				for (int i = 0; i < 2; i++)
					if (n >= SECOND / 2)
						r->in[s][i][n] = 0.0f;
					else if (n >= SECOND / 4)
						r->in[s][i][n] =
							n % 3 ? 3e38f : NAN;
		}
		rig_run_all(r, 256);
		assert_numbers(r);
		assert_true(rig_counters(r).bad_samples > 0);
		for (uint32_t b = 0; b < BUSES; b++)
			for (uint32_t n = SECOND * 3 / 4; n < SECOND; n++)
				assert_true(r->out[b][0][n] == 0.0f &&
					    r->out[b][1][n] == 0.0f);
		rig_free(r);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ten_million_frames_of_any_words_stay_finite),
		cmocka_unit_test(of_a_burst_nothing_stays),
	};

	return cmocka_run_group_tests_name("mixer_chain", tests, NULL, NULL);
}
