/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Programs that take what they are sent, and say it back: late, or rounded in
 * their own way. */
#include "tests/surface_peer.h"

/* It ends near where somebody has put it, at once, and is sent nothing more. */
static void
who_answers_beside_it_makes_nothing_creep(void **state)
{
	static const int bys[] = {-1, 1, -3, 5};
	static const double steps[] = {127.0, 16383.0};
	static const uint64_t lates[] = {2 * MS, 20 * MS, 100 * MS, 400 * MS};

	/* Of two halves, also what is rounded to 7 bits. */
	for (size_t b = 0; b < 2 * sizeof(bys) / sizeof(bys[0]); b++) {
		for (size_t l = 0; l < sizeof(lates) / sizeof(lates[0]); l++) {
			void *own = NULL;
			struct peer p = {.by = bys[b / 2],
				.late_ns = lates[l],
				.fine = b % 2};
			bool near = p.fine || abs(p.by) == 1;
			struct desk *d;
			uint32_t sents;
			double was;

			if (p.fine && abs(p.by) > 1)
				p.by *= 25;
			assert_int_equal(desk_up(&own), 0);
			d = own;
			fader(d, &p);
			for (int i = 0; i < 4; i++) {
				double to = 0.3 + 0.1 * i;

				somebody_sets(d, "/strip/1/fader", to);
				peer_wait(&p, 1500);
				assert_true(fabs(now_at(d) - to) <=
					    (abs(p.by) + 0.51) / steps[b % 2]);
				if (i > 0 && near)
					assert_near(now_at(d), to);
				was = now_at(d);
				sents = d->sents;
				peer_wait(&p, 5000);
				assert_near(now_at(d), was);
				assert_int_equal(d->sents, sents);
			}
			desk_down(&own);
		}
	}
	(void)state;
}

/* As exact as it was set; when it is known that all comes back, all the time.
 */
static void
a_late_echo_leaves_what_a_fade_has_reached(void **state)
{
	static const uint64_t lates[] = {
		5 * MS, 60 * MS, 100 * MS, 300 * MS, 400 * MS, 1500 * MS};
	static const int steps_ms[] = {1, 7, 25};

	for (size_t k = 0; k < 54; k++) {
		void *own = NULL;
		struct peer p = {.late_ns = lates[k / 3 % 6]};
		struct desk *d;

		assert_int_equal(desk_up(&own), 0);
		d = own;
		fader(d, &p);
		d->control[0].takeover = (enum mapping_takeover)(k / 18);
		for (int fade = 0; fade < 3; fade++) {
			double to = 0.0;

			for (int i = 0; i < 40; i++) {
				to = fade == 1 ? 0.785 - 0.0150001 * i
					       : 0.2 + 0.0150001 * i;
				somebody_sets(d, "/strip/1/fader", to);
				peer_wait(&p, steps_ms[k % 3]);
				if (fade == 2)
					assert_near(now_at(d), to);
			}
			peer_wait(&p, fade == 0 ? 200 : 5000);
			assert_near(now_at(d), to);
		}
		desk_down(&own);
	}
	(void)state;
}

/* Nothing tells it from a hand's, which may be all that this one says. */
static void
the_first_of_a_row_moves_until_the_next_one(void **state)
{
	struct desk *d = *state;
	struct peer p = {.late_ns = 400 * MS};

	fader(d, &p);
	for (int i = 0; i < 3; i++) {
		somebody_sets(d, "/strip/1/fader", 0.301 + 0.1 * i);
		peer_wait(&p, 25);
	}
	peer_wait(&p, 315);
	assert_near(now_at(d), 0.501);
	peer_wait(&p, 20);
	assert_near(now_at(d), 38 / 127.0);
	peer_wait(&p, 20);
	assert_near(now_at(d), 0.501);
	peer_wait(&p, 3000);
	assert_near(now_at(d), 0.501);
}

/* What goes another way, or not as fast, is none of those that come back. */
static void
a_hand_behind_a_fade_moves(void **state)
{
	static const int pauses_ms[] = {2, 50, 170};
	struct desk *d = *state;
	struct peer p = {0};

	fader(d, &p);
	for (size_t k = 0; k < 6; k++) {
		int by = k % 2 ? -1 : 1, from = by > 0 ? 50 : 99;

		for (int v = 0; v < 120; v++) {
			somebody_sets(d, "/strip/1/fader", v / 127.0);
			wait_ms(d, 20);
		}
		wait_ms(d, 150);
		for (int i = 0; i < 40; i++) {
			uint16_t v = (uint16_t)(from + by * i);

			hear(d, MIDI_CC, 0, 7, v);
			if (i == 0 || by < 0 || k > 1 || i > 7)
				assert_near(now_at(d), v / 127.0);
			wait_ms(d, (uint64_t)pauses_ms[k / 2]);
		}
		wait_ms(d, 3000);
	}
}

/* Who answers with some of a fade only has no more to say of the others. */
static void
a_hand_behind_some_echoes_moves(void **state)
{
	struct desk *d = *state;
	struct peer p = {.late_ns = 400 * MS, .every = 3};

	fader(d, &p);
	for (int v = 0; v < 118; v++) {
		somebody_sets(d, "/strip/1/fader", v / 127.0);
		peer_wait(&p, 20);
	}
	peer_wait(&p, 410);
	for (uint16_t v = 113; v > 60; v--) {
		hear(d, MIDI_CC, 0, 7, v);
		assert_near(now_at(d), v / 127.0);
		wait_ms(d, 5);
	}
}

static void
somebody_sets_both(struct desk *d, struct peer *p, int a, int b)
{
	somebody_sets(d, "/strip/1/fader", a / 127.0);
	peer_wait(p, 25);
	somebody_sets(d, "/strip/1/fader", b / 127.0);
	peer_wait(p, 25);
	somebody_sets(d, "/strip/1/fader", 0.785);
}

static void
hand_says(struct desk *d, uint16_t value)
{
	hear(d, MIDI_CC, 0, 7, value);
	assert_near(now_at(d), value / 127.0);
}

/* A hand that says by chance what was sent is heard each time, and does not
 * hide when echoes come. */
static void
a_hand_by_chance_is_no_echo(void **state)
{
	struct desk *d = *state;
	struct peer p = {.late_ns = 100000 * MS};

	fader(d, &p);
	for (int i = 0; i < 3; i++) {
		somebody_sets_both(d, &p, 50, 60);
		wait_ms(d, 500);
		hand_says(d, 50);
		wait_ms(d, 65);
		hand_says(d, 60);
		wait_ms(d, 3000);
	}
	for (int i = 0; i < 3; i++) {
		somebody_sets_both(d, &p, 50, 60);
		wait_ms(d, 500);
		hand_says(d, 50);
		wait_ms(d, 3000);
		hand_says(d, 55);
		wait_ms(d, 3000);
	}
	p.late_ns = 200 * MS;
	p.at = d->sents;
	somebody_sets_both(d, &p, 50, 60);
	peer_wait(&p, 3000);
	assert_near(now_at(d), 0.785);
}

/* An echo that was taken for a hand is undone, but nothing else. */
static void
what_is_set_between_two_echoes_stays(void **state)
{
	struct desk *d = *state;
	struct peer p = {.late_ns = 300 * MS};

	fader(d, &p);
	somebody_sets(d, "/strip/1/fader", 0.301);
	peer_wait(&p, 25);
	somebody_sets(d, "/strip/1/fader", 0.401);
	peer_wait(&p, 285);
	somebody_sets(d, "/strip/1/fader", 0.901);
	peer_wait(&p, 3000);
	assert_near(now_at(d), 0.901);
}

/* It was sent elsewhere and back meanwhile; nothing has said so before. */
static void
one_message_of_a_hand_moves(void **state)
{
	struct desk *d = *state;
	struct peer p = {0};

	fader(d, &p);
	somebody_sets(d, "/strip/1/fader", 1.0);
	wait_ms(d, 100);
	hear(d, MIDI_CC, 0, 7, 64);
	assert_near(now_at(d), 64 / 127.0);
	wait_ms(d, 100);
	hear(d, MIDI_CC, 0, 7, 127);
	assert_near(now_at(d), 1.0);
	for (int i = 0; i < 9; i++) {
		somebody_sets(d, "/strip/1/fader", i % 3 / 2.0);
		wait_ms(d, 900);
		hear(d, MIDI_CC, 0, 7, i % 2 * 127);
		assert_near(now_at(d), i % 2);
		wait_ms(d, 400);
	}
}

/* Not even the first one, of a device that has not been sent anything else. */
static void
one_echo_leaves_the_exact_value(void **state)
{
	struct desk *d = *state;
	struct peer p = {.late_ns = 400 * MS};

	fader(d, &p);
	somebody_sets(d, "/strip/1/fader", 0.785);
	peer_wait(&p, 3000);
	assert_near(now_at(d), 0.785);
}

/* A hand at a fader whose way was just faded, and that is shown: all that it
 * says is heard, also when it goes where that was. */
static void
a_hand_is_no_answer(void **state)
{
	static const int pauses_ms[] = {3, 17, 40, 110};
	struct desk *d = *state;
	struct peer p = {0};

	fader(d, &p);
	for (size_t k = 0; k < 4; k++) {
		for (int i = 0; i < 40; i++) {
			somebody_sets(d, "/strip/1/fader", i / 40.0);
			wait_ms(d, 25);
		}
		wait_ms(d, 150);
		for (uint16_t v = 20; v < 120; v++) {
			hear(d, MIDI_CC, 0, 7, v);
			if (v > 22)
				assert_near(now_at(d), v / 127.0);
			wait_ms(d, (uint64_t)pauses_ms[k]);
		}
		assert_near(now_at(d), 119 / 127.0);
	}
	/* Nudged, with time between: it is where it was put. */
	for (uint16_t v = 60; v < 80; v++) {
		somebody_sets(d, "/strip/1/fader", (v - 1.0) / 127.0);
		wait_ms(d, 100u + v % 7 * 150u);
		hear(d, MIDI_CC, 0, 7, v);
		assert_near(now_at(d), v / 127.0);
		wait_ms(d, 900);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_answers_beside_it_makes_nothing_creep),
		cmocka_unit_test(a_late_echo_leaves_what_a_fade_has_reached),
		T(the_first_of_a_row_moves_until_the_next_one),
		T(a_hand_behind_a_fade_moves),
		T(a_hand_behind_some_echoes_moves),
		T(a_hand_by_chance_is_no_echo),
		T(what_is_set_between_two_echoes_stays),
		T(one_message_of_a_hand_moves),
		T(one_echo_leaves_the_exact_value),
		T(a_hand_is_no_answer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
