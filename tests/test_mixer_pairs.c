/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Stages take two strips at once where that costs less: nobody hears who the
 * other one is. */
#include "tests/mixer_rig.h"

#define FRAMES 24000u
#define STRIPS 5u
#define GAP    (FRAMES / 3)
#define BACK   (FRAMES / 2 + 7)

/* The moves of a strip, from a seed of its own. */
static void
knobs_say(struct rig *r, uint32_t place, uint32_t strip)
{
	static const enum mix knobs[] = {MIX_EQ_LOW, MIX_EQ_MID, MIX_EQ_HIGH,
		MIX_FILTER, MIX_RESONANCE, MIX_TRIM, MIX_WIDTH};
	struct rig seed = {.random = strip + 1};

	for (uint32_t n = 100 * strip; n < FRAMES;
		n += 1 + rig_random(&seed) % 900) {
		enum mix knob = knobs[rig_random(&seed) % 7];
		float way = (float)(rig_random(&seed) % 1001) / 1000.0f;
		const struct stage_value *v;

		rig_stage(knob, &v);
		way = rig_random(&seed) % 4 ? way : 0.5f;
		rig_say(r, n, knob, place,
			knob == MIX_TRIM
				? way
				: v->least + (v->most - v->least) * way);
	}
}

/* Each is without input for a while, and one has a left side only. */
static void
play(struct rig *r, uint32_t block)
{
	while (r->at < FRAMES) {
		uint32_t n = block < FRAMES - r->at ? block : FRAMES - r->at;

		n = r->at < GAP && r->at + n > GAP ? GAP - r->at : n;
		n = r->at < BACK && r->at + n > BACK ? BACK - r->at : n;
		for (uint32_t i = 0; i < r->inputs; i++) {
			struct mixer_input *in = &r->input[i];
			bool odd = in->strip % 2;
			bool there = odd == (r->at < GAP || r->at >= BACK) ||
				     in->strip == 2;

			for (int side = 0; side < 2; side++)
				in->ch[side] = there ? r->in[i][side] : NULL;
			if (in->strip == 4)
				in->ch[1] = NULL;
		}
		rig_run(r, n);
	}
}

static void
a_neighbour_changes_no_bit(void **state)
{
	static const uint32_t blocks[] = {64, 100, 1000};

	(void)state;
	for (size_t k = 0; k < 3; k++) {
		struct rig *all = rig_new(STRIPS, STRIPS, FRAMES);

		for (uint32_t s = 0; s < STRIPS; s++) {
			rig_route(all, s, 1u << s);
			knobs_say(all, s, s);
		}
		/* an infinity of one is not one of the other */
		all->in[1][0][1234] = 3e38f;
		play(all, blocks[k]);
		for (uint32_t s = 0; s < STRIPS; s++) {
			struct rig *one = rig_new(STRIPS, 1, FRAMES);

			rig_route(one, s, 1);
			knobs_say(one, s, s);
			one->inputs = 1;
			one->input[0].strip = s;
			for (int i = 0; i < 2; i++)
				memcpy(one->in[0][i], all->in[s][i],
					FRAMES * sizeof(float));
			play(one, blocks[k]);
			for (int i = 0; i < 2; i++)
				assert_memory_equal(one->out[0][i],
					all->out[s][i], FRAMES * sizeof(float));
			rig_free(one);
		}
		rig_free(all);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_neighbour_changes_no_bit),
	};

	return cmocka_run_group_tests_name("mixer_pairs", tests, NULL, NULL);
}
