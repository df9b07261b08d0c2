/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Faders of 14 bits that come back late, each half by itself. */
#include "tests/surface_peer.h"

/* Of NRPN with its number. */
static void
a_fader_of_two_halves_stays_exact(void **state)
{
	static const enum midi_kind kinds[] = {MIDI_CC, MIDI_NRPN, MIDI_RPN};
	static const uint64_t lates[] = {
		5 * MS, 60 * MS, 100 * MS, 300 * MS, 400 * MS, 1500 * MS};
	static const int steps_ms[] = {1, 7, 25};

	for (size_t k = 0; k < 162; k++) {
		void *own = NULL;
		struct mapping_control *c;
		struct desk *d;

		assert_int_equal(desk_up(&own), 0);
		d = own;
		c = add(d, kinds[k % 3], 0, 7, MAPPING_VALUE);
		c->message.fine = c->message.kind == MIDI_CC;
		c->message.low = 39;
		c->takeover = (enum mapping_takeover)(k / 54);
		aim(c, 1, "fader");
		light_same(c, MAPPING_LIGHT_WAY);
		d->thru_ns = lates[k / 9 % 6];
		start(d);
		d->thru = true;
		for (int fade = 0; fade < 3; fade++) {
			double to = 0.0;

			for (int i = 0; i < 40; i++) {
				to = fade == 1 ? 0.785 - 0.0150001 * i
					       : 0.2 + 0.0150001 * i;
				somebody_sets(d, "/strip/1/fader", to);
				wait_ms(d, (uint64_t)steps_ms[k / 3 % 3]);
				if (fade == 2)
					assert_near(now_at(d), to);
			}
			wait_ms(d, fade == 0 ? 200 : 5000);
			assert_near(now_at(d), to);
		}
		desk_down(&own);
	}
	(void)state;
}

/* Also when its own hand sends the lower half first, so that each waits for
 * another one. */
static void
halves_in_another_order_stay_exact(void **state)
{
	struct desk *d = *state;
	struct peer p = {.fine = true};
	double to = 0.0;

	fader(d, &p);
	for (uint16_t v = 3000; v < 4000; v += 100) {
		hear(d, MIDI_CC, 0, 39, v & 127);
		hear(d, MIDI_CC, 0, 7, v >> 7);
		wait_ms(d, 30);
	}
	wait_ms(d, 2000);
	d->thru = true;
	d->thru_ns = 400 * MS;
	d->thru_at = d->sents;
	for (int fade = 0; fade < 2; fade++) {
		for (int i = 0; i < (fade ? 40 : 3); i++) {
			to = 0.20003 + 0.0150001 * i;
			somebody_sets(d, "/strip/1/fader", to);
			wait_ms(d, 25);
			if (fade == 1)
				assert_near(now_at(d), to);
		}
		wait_ms(d, 3000);
		assert_near(now_at(d), to);
	}
}

/* So that the lamp of a button is waited for as long. */
static void
who_sends_halves_back_is_known_to(void **state)
{
	struct desk *d = *state;
	struct mapping_control *c = add(d, MIDI_NOTE, 0, 1, MAPPING_TOGGLE);
	struct peer p = {.fine = true};

	aim(c, 2, "mute");
	light_same(c, MAPPING_LIGHT_LAMP);
	fader(d, &p);
	d->thru = true;
	d->thru_ns = 100 * MS;
	for (int i = 0; i < 40; i++) {
		somebody_sets(d, "/strip/1/fader", 0.2 + 0.0150001 * i);
		wait_ms(d, 25);
	}
	wait_ms(d, 5000);
	somebody_sets(d, "/strip/2/mute", 1.0);
	wait_ms(d, 1000);
	assert_true(value_of(d, "/strip/2/mute") == 1.0);
}

/* It is heard also where it says by chance what the upper half of one that was
 * sent says, and of it no lower half comes: that of 127 is the top. */
static void
a_hand_at_two_halves_moves(void **state)
{
	struct desk *d = *state;
	struct peer p = {.fine = true};

	fader(d, &p);
	somebody_sets(d, "/strip/1/fader", 1.0);
	wait_ms(d, 100);
	somebody_sets(d, "/strip/1/fader", 0.3);
	wait_ms(d, 500);
	hear(d, MIDI_CC, 0, 7, 127);
	wait_ms(d, 11);
	assert_near(now_at(d), 1.0);
	wait_ms(d, 1000);
	for (uint16_t v = 0; v < 16000; v += 131) {
		somebody_sets(d, "/strip/1/fader", v / 16383.0);
		wait_ms(d, 20);
	}
	for (uint16_t v = 5000; v < 16000; v += 97) {
		hear_fine(d, v);
		assert_near(now_at(d), v / 16383.0);
		wait_ms(d, 17);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_fader_of_two_halves_stays_exact),
		T(halves_in_another_order_stay_exact),
		T(who_sends_halves_back_is_known_to),
		T(a_hand_at_two_halves_moves),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
