/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the parts of the learner share; for midi_learn*.c only. */
#ifndef MIDI_LEARN_OWN_H
#define MIDI_LEARN_OWN_H

#include "control/devices/midi_learn.h"

#define LEARN_TWO_WAYS                                                         \
	"this knob presses one button to the left and another one to the "     \
	"right: write them into a mapping, \"as: up\" and \"as: down\""

/* ---- midi_learn.c ---- */

struct learn_track *learn_find(
	struct learn *l, enum midi_kind kind, uint8_t channel, uint16_t number);
uint32_t learn_count_different(const struct learn_track *t);
uint32_t learn_count_repeats(const struct learn_track *t);
void learn_found(struct learn *l, const struct learn_track *t,
	enum mapping_as as, enum mapping_coding coding);
void learn_fail(struct learn *l, const char *why);

/* ---- midi_learn_button.c ---- */

/* On, then off: nothing between. */
bool learn_is_switch(const struct learn_track *t);
/* The same one of on and off again and again: clicks of a knob. */
bool learn_is_on_off(const struct learn_track *t);
/* Buttons that are clear by now. */
void learn_buttons(struct learn *l, uint64_t now_ns);
/* LEARN_TWICE: true, it is of the one that was asked for. */
bool learn_twice(struct learn *l, const struct midi_event *e, uint64_t now_ns);

#endif
