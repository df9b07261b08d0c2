/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When a message takes effect, and that blocks make no difference. */
#include "tests/mixer_level_rig.h"

#define FRAMES 4000u

static void
a_message_lands_on_its_sample_and_ramps_for_10_ms(void **state)
{
	static const uint32_t frames[] = {1, 63, 64, 65, 777, 1024};

	(void)state;
	for (size_t i = 0; i < sizeof(frames) / sizeof(frames[0]); i++) {
		struct rig *r = level_rig(1, FRAMES);

		rig_say(r, frames[i], MIX_GAIN, 0, 0.25f);
		rig_run_all(r, 64);
		assert_ramp(r->out[0][0], FRAMES, frames[i], 1.0, 0.25);
		assert_ramp(r->out[0][1], FRAMES, frames[i], 1.0, 0.25);
		rig_free(r);
	}
}

static void
every_kind_of_level_ramps(void **state)
{
	static const struct {
		struct message msg;
		float to;
	} all[] = {
		{{.parameter = MIX_GAIN, .target = 0.5f}, 0.5f},
		{{.parameter = MIX_MUTE, .target = 1.0f}, 0.0f},
		{{.parameter = MIX_TRIM, .target = 2.0f}, 2.0f},
		{{.parameter = MIX_OPEN, .target = 0.0f}, 0.0f},
		{{.parameter = MIX_SEND, .target = 0.0f}, 0.0f},
		{{.parameter = MIX_ROUTE, .target = 0}, 0.0f},
		{{.parameter = MIX_BUS_GAIN, .target = 3.0f}, 3.0f},
		{{.parameter = MIX_BUS_MUTE, .target = 1.0f}, 0.0f},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		struct message msg = all[i].msg;
		struct rig *r = level_rig(1, FRAMES);

		msg.frame = 1001;
		rig_post(r, &msg);
		rig_run_all(r, 100);
		assert_ramp(r->out[0][0], FRAMES, 1001, 1.0, all[i].to);
		rig_free(r);
	}
}

static void
what_comes_back_ramps_up(void **state)
{
	struct rig *r = level_rig(1, FRAMES);

	(void)state;
	rig_say(r, 0, MIX_OPEN, 0, 0.0f);
	rig_say(r, 0, MIX_GAIN, 0, 0.7f);
	rig_say(r, 1001, MIX_OPEN, 0, 1.0f);
	rig_run_all(r, 100);
	assert_ramp(r->out[0][0], FRAMES, 1001, 0.0, 0.7);
	rig_free(r);
}

static void
fader_and_mute_at_one_frame_make_one_straight_ramp(void **state)
{
	struct rig *r = level_rig(1, FRAMES);
	const struct message batch[2] = {
		{.frame = 99, .parameter = MIX_GAIN, .target = 0.2f},
		{.frame = 99, .parameter = MIX_MUTE, .target = 1.0f},
	};

	(void)state;
	assert_true(mixer_post(r->m, batch, 2));
	rig_run_all(r, 64);
	assert_ramp(r->out[0][0], FRAMES, 99, 1.0, 0.0);
	rig_free(r);
}

static void
at_frame_0_there_is_no_ramp(void **state)
{
	struct rig *r = level_rig(2, FRAMES);

	(void)state;
	rig_say(r, 0, MIX_GAIN, 0, 0.25f);
	rig_say(r, 0, MIX_MUTE, 1, 1.0f);
	rig_say(r, 0, MIX_BUS_GAIN, 0, 0.5f);
	rig_run_all(r, 64);
	assert_ramp(r->out[0][0], FRAMES, FRAMES, 0.125, 0.125);
	rig_free(r);
}

static void
now_is_the_start_of_the_next_block(void **state)
{
	struct rig *r = level_rig(1, FRAMES);

	(void)state;
	rig_run(r, 100);
	rig_say(r, 0, MIX_GAIN, 0, 0.5f);
	rig_run_all(r, 64);
	assert_ramp(r->out[0][0], FRAMES, 100, 1.0, 0.5);
	assert_int_equal(rig_counters(r).late_messages, 0);
	rig_free(r);
}

static void
a_message_for_a_frame_that_has_passed_is_late_and_counted(void **state)
{
	struct rig *r = level_rig(1, FRAMES);

	(void)state;
	rig_run(r, 100);
	rig_say(r, 100, MIX_TRIM, 0, 1.0f); /* just in time */
	rig_say(r, 99, MIX_GAIN, 0, 0.5f);
	rig_say(r, 1, MIX_TRIM, 0, 1.0f);
	rig_run_all(r, 64);
	assert_ramp(r->out[0][0], FRAMES, 100, 1.0, 0.5);
	assert_int_equal(rig_counters(r).late_messages, 2);
	rig_free(r);
}

static void
messages_for_one_frame_apply_as_they_were_posted(void **state)
{
	struct rig *r = level_rig(1, FRAMES);

	(void)state;
	rig_say(r, 200, MIX_GAIN, 0, 0.5f); /* waits */
	rig_say(r, 200, MIX_GAIN, 0, 0.6f); /* waits */
	rig_run(r, 200);
	rig_say(r, 0, MIX_GAIN, 0, 0.7f);
	rig_say(r, 200, MIX_GAIN, 0, 0.8f);
	rig_say(r, 150, MIX_GAIN, 0, 0.9f);
	rig_run_all(r, 64);
	assert_ramp(r->out[0][0], FRAMES, 200, 1.0, 0.9);
	rig_free(r);
}

static void
a_batch_applies_at_one_frame(void **state)
{
	struct rig *r = level_rig(2, FRAMES);
	const struct message batch[2] = {
		{.frame = 333, .parameter = MIX_MUTE, .target = 1.0f},
		{.frame = 333,
			.parameter = MIX_MUTE,
			.place = 1,
			.target = 0.0f},
	};

	(void)state;
	rig_say(r, 0, MIX_MUTE, 1, 1.0f);
	assert_true(mixer_post(r->m, batch, 2));
	rig_run_all(r, 64);
	for (uint32_t n = 0; n < FRAMES; n++) /* one goes as the other comes */
		assert_float_equal(r->out[0][0][n], 1.0, 2e-7);
	rig_free(r);
}

static void
a_batch_that_does_not_fit_changes_nothing(void **state)
{
	struct rig *r = level_rig(1, FRAMES);
	static struct message many[QUEUE_MESSAGES];

	(void)state;
	for (uint32_t i = 0; i < QUEUE_MESSAGES; i++)
		many[i] =
			(struct message){.parameter = MIX_GAIN, .target = 0.5f};
	assert_false(mixer_post(r->m, many, QUEUE_MESSAGES)); /* 1 is there */
	rig_run(r, 500);
	assert_ramp(r->out[0][0], 500, 500, 1.0, 1.0);
	assert_true(mixer_post(r->m, many, QUEUE_MESSAGES));
	rig_run_all(r, 64);
	assert_ramp(r->out[0][0], FRAMES, 500, 1.0, 0.5);
	rig_free(r);
}

static void
what_finds_no_room_to_wait_is_refused_but_now_is_not(void **state)
{
	const struct message later = {
		.frame = 3500, .parameter = MIX_GAIN, .target = 0.5f};
	struct rig *r = level_rig(1, FRAMES);
	static struct message many[PENDING_MESSAGES];

	(void)state;
	rig_run(r, 100);
	for (uint32_t i = 0; i < PENDING_MESSAGES; i++)
		many[i] = (struct message){
			.frame = 3000, .parameter = MIX_GAIN, .target = 0.25f};
	assert_true(mixer_post(r->m, many, PENDING_MESSAGES - 9));
	rig_run(r, 100);
	assert_false(mixer_post(r->m, many, 10));
	rig_say(r, 0, MIX_GAIN, 0, 0.75f);
	rig_run(r, 100);
	assert_true(mixer_post(r->m, many, 9));
	assert_false(mixer_post(r->m, &later, 1));
	rig_say(r, 0, MIX_TRIM, 0, 1.0f);
	rig_run(r, 2701);
	rig_say(r, 1, MIX_TRIM, 0, 1.0f); /* late, done at once */
	assert_true(mixer_post(r->m, &later, 1));
	rig_run(r, 99);
	for (uint32_t i = 0; i < PENDING_MESSAGES; i++)
		many[i].frame = 3999;
	assert_false(mixer_post(r->m, many, PENDING_MESSAGES));
	assert_true(mixer_post(r->m, many, PENDING_MESSAGES - 1));
	rig_run_all(r, 64);
	assert_ramp(r->out[0][0], 3000, 200, 1.0, 0.75);
	assert_ramp(r->out[0][0] + 2990, 510, 10, 0.75, 0.25);
	assert_ramp(r->out[0][0] + 3490, 509, 10, 0.25, 0.5);
	assert_int_equal(rig_counters(r).late_messages, 1);
	rig_free(r);
}

/* Everything that could depend on the block: bits that any other way through
 * the mixer would change (-0.0, denormals, NaN), ramps over ramps, messages at
 * odd frames. */
static struct rig *
mess_rig(void)
{
	struct rig *r = rig_new(6, 3, 3 * BLOCK_MAX);

	for (uint32_t s = 0; s < 6; s++)
		for (int i = 0; i < 2; i++)
			for (uint32_t n = 0; n < r->frames; n++) {
				uint32_t random = rig_random(r) % 64;

				if (random < 8)
					r->in[s][i][n] = -0.0f;
				else if (random < 12)
					r->in[s][i][n] *= 1e-38f;
				else if (random < 13)
					r->in[s][i][n] = 3e38f;
				else if (random < 14)
					r->in[s][i][n] /= 0.0f;
			}
	r->input[4].strip = 3; /* two programs on one strip */
	r->input[5].layout = LAYOUT_MONO;
	r->input[1].ch[1] = NULL;
	return r;
}

static void
mess_post(struct rig *r)
{
	static const float level[] = {0.0f, 1.0f, 0.0f, 1.0f, 0.3f, 1.9f};
	static const float share[] = {0.0f, 1.0f, 1.0f, 1.0f, 0.3f, 0.9f};

	r->random = 99;
	for (uint32_t s = 0; s < 6; s++)
		rig_route(r, s, rig_random(r) & 7);
	for (uint32_t i = 0; i < 1500; i++) {
		struct message msg = rig_random_message(r);
		uint32_t choice = rig_random(r) % 6;

		msg.frame = rig_random(r) % (r->frames * 3 / 4);
		if (msg.parameter == MIX_GAIN || msg.parameter == MIX_TRIM ||
			msg.parameter == MIX_BUS_GAIN)
			msg.target = level[choice];
		if (msg.parameter == MIX_WIDTH)
			msg.target = share[choice];
		if (rig_random(r) % 4 == 0)
			msg.ramp = rig_random(r) % 10000;
		msg.law = (uint8_t)(rig_random(r) % RAMP_LAWS);
		rig_post(r, &msg);
	}
}

/* In blocks of n frames, or of any length when n is 0. */
static void
mess_run(struct rig *r, uint32_t n)
{
	mess_post(r);
	if (n) {
		rig_run_all(r, n);
		return;
	}
	while (r->at < r->frames) {
		uint32_t left = r->frames - r->at;

		n = 1 + rig_random(r) % (rig_random(r) % 8 ? 50 : BLOCK_MAX);
		rig_run(r, n < left ? n : left);
	}
}

static void
the_same_bytes_come_out_whatever_the_block(void **state)
{
	static const uint32_t blocks[] = {16, 17, 64, 333, 1024, 0, 0, 0};
	struct rig *r = mess_rig();
	size_t size = r->frames * sizeof(float);
	float *want[3][2];
	uint64_t bad;

	(void)state;
	mess_run(r, BLOCK_MAX);
	bad = rig_counters(r).bad_samples;
	assert_true(bad > 100);
	for (uint32_t b = 0; b < 3; b++)
		for (int i = 0; i < 2; i++) {
			want[b][i] = rig_buffer(r->frames);
			memcpy(want[b][i], r->out[b][i], size);
		}
	for (size_t k = 0; k < sizeof(blocks) / sizeof(blocks[0]); k++) {
		rig_restart(r);
		mess_run(r, blocks[k]);
		for (uint32_t b = 0; b < 3; b++)
			for (int i = 0; i < 2; i++)
				assert_memory_equal(
					r->out[b][i], want[b][i], size);
		assert_int_equal(rig_counters(r).bad_samples, bad);
	}
	for (uint32_t b = 0; b < 3; b++)
		for (int i = 0; i < 2; i++)
			free(want[b][i]);
	rig_free(r);
}

static void
a_strip_without_input_closes_and_opens_at_once(void **state)
{
	struct rig *r = level_rig(1, FRAMES);
	const float *left = r->input[0].ch[0], *right = r->input[0].ch[1];

	(void)state;
	rig_run(r, 100);
	r->input[0].ch[0] = r->input[0].ch[1] = NULL;
	rig_say(r, 0, MIX_OPEN, 0, 0.0f);
	rig_run(r, 100);
	r->input[0].ch[0] = left;
	r->input[0].ch[1] = right;
	rig_run(r, 100);
	rig_say(r, 0, MIX_OPEN, 0, 1.0f);
	rig_run_all(r, 100);
	for (uint32_t n = 0; n < 300; n++)
		assert_true(r->out[0][0][n] == (n < 100 ? 1.0f : 0.0f));
	assert_ramp(r->out[0][0] + 300, FRAMES - 300, 0, 0.0, 1.0);
	rig_free(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test(f)
		T(a_message_lands_on_its_sample_and_ramps_for_10_ms),
		T(every_kind_of_level_ramps),
		T(what_comes_back_ramps_up),
		T(fader_and_mute_at_one_frame_make_one_straight_ramp),
		T(at_frame_0_there_is_no_ramp),
		T(a_strip_without_input_closes_and_opens_at_once),
		T(now_is_the_start_of_the_next_block),
		T(a_message_for_a_frame_that_has_passed_is_late_and_counted),
		T(messages_for_one_frame_apply_as_they_were_posted),
		T(a_batch_applies_at_one_frame),
		T(a_batch_that_does_not_fit_changes_nothing),
		T(what_finds_no_room_to_wait_is_refused_but_now_is_not),
		T(the_same_bytes_come_out_whatever_the_block),
	};

	return cmocka_run_group_tests_name("mixer_time", tests, NULL, NULL);
}
