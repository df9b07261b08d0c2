/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What midi_learn_track.c is to its neighbours. */
#ifndef MIDI_LEARN_TRACK_H
#define MIDI_LEARN_TRACK_H

#include "control/devices/midi_learn.h"

#define LEARN_TWO_WAYS                                                         \
	"this knob presses one button to the left and another one to the "     \
	"right: write them into a mapping, \"as: up\" and \"as: down\""

struct learn_track *learn_find(
	struct learn *l, enum midi_kind kind, uint8_t channel, uint16_t number);
/* One message more. NULL: there is no room for another one. */
struct learn_track *learn_put(
	struct learn *l, const struct midi_event *e, uint64_t now_ns);
uint32_t learn_count_different(const struct learn_track *t);
uint32_t learn_count_repeats(const struct learn_track *t);
/* A controller that an RPN or NRPN is sent by. */
bool learn_is_entry(const struct learn_track *t);

/* This one alone is waited for, from the beginning. */
void learn_ask(
	struct learn *l, const struct learn_track *t, enum learn_state state);
void learn_found(struct learn *l, const struct learn_track *t,
	enum mapping_as as, enum encoding coding);
void learn_fail(struct learn *l, const char *why);

#endif
