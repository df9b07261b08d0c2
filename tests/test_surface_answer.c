/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Programs that take what they are sent, and say it back: late, or rounded in
 * their own way. */
#include "tests/surface_rig.h"

/* What it makes of a value, and after how long it says so. */
struct peer {
	struct desk *desk;
	int by;
	uint64_t late_ns;
	uint32_t at; /* of sent[] */
};

static void
peer_speaks(struct peer *p)
{
	struct desk *d = p->desk;

	while (p->at < d->sents &&
		d->sent[p->at].time_ns + p->late_ns <= d->now_ns) {
		const struct sent *s = &d->sent[p->at++];
		int value = s->byte[2] + p->by;

		if (value >= 0 && value <= 127)
			hear(d, MIDI_CC, 0, 7, (uint16_t)value);
	}
}

static void
peer_wait(struct peer *p, int ms)
{
	for (int i = 0; i < ms; i++) {
		peer_speaks(p);
		wait_ms(p->desk, 1);
	}
}

static void
fader(struct desk *d, struct peer *p)
{
	struct mapping_control *c = add(d, MIDI_CC, 0, 7, MAPPING_VALUE);

	c->takeover = MAPPING_JUMP;
	aim(c, 1, "fader");
	light_same(c, MAPPING_LIGHT_WAY);
	start(d);
	p->desk = d;
	p->at = 0;
}

static double
now_at(struct desk *d)
{
	return value_of(d, "/strip/1/fader");
}

/* It ends near where somebody has put it, at once, and is sent nothing more. */
static void
who_answers_beside_it_makes_nothing_creep(void **state)
{
	static const int bys[] = {-1, 1, -3, 5};
	static const uint64_t lates[] = {2 * MS, 20 * MS, 100 * MS, 400 * MS};

	for (size_t b = 0; b < sizeof(bys) / sizeof(bys[0]); b++) {
		for (size_t l = 0; l < sizeof(lates) / sizeof(lates[0]); l++) {
			void *own = NULL;
			struct peer p = {.by = bys[b], .late_ns = lates[l]};
			struct desk *d;
			uint32_t sents;
			double was;

			assert_int_equal(desk_up(&own), 0);
			d = own;
			fader(d, &p);
			for (int i = 0; i < 4; i++) {
				double to = 0.3 + 0.1 * i;

				somebody_sets(d, "/strip/1/fader", to);
				peer_wait(&p, 1500);
				assert_true(fabs(now_at(d) - to) <=
					    (abs(p.by) + 0.51) / 127.0);
				if (i > 0 && abs(p.by) == 1)
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

/* It ends where the fade did, as fine as the echo can say. */
static void
a_late_echo_leaves_what_a_fade_has_reached(void **state)
{
	struct desk *d = *state;
	struct peer p = {.late_ns = 400 * MS};

	fader(d, &p);
	for (int fade = 0; fade < 3; fade++) {
		for (int i = 0; i < 40; i++) {
			somebody_sets(d, "/strip/1/fader", 0.2 + 0.0150001 * i);
			peer_wait(&p, 25);
		}
		peer_wait(&p, 5000);
		assert_true(fabs(now_at(d) - (0.2 + 0.0150001 * 39)) <
			    0.51 / 127.0);
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
	struct peer p;

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
		T(a_late_echo_leaves_what_a_fade_has_reached),
		T(one_echo_leaves_the_exact_value),
		T(a_hand_is_no_answer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
