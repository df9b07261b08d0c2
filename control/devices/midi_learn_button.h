/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What midi_learn_button.c is to its neighbours. */
#ifndef MIDI_LEARN_BUTTON_H
#define MIDI_LEARN_BUTTON_H

#include "control/devices/midi_learn.h"

/* On, then off: nothing between. */
bool learn_is_switch(const struct learn_track *t);
/* The same one of on and off again and again: clicks of a knob. */
bool learn_is_on_off(const struct learn_track *t);
/* Buttons that are clear by now. */
void learn_buttons(struct learn *l, uint64_t now_ns);
/* LEARN_TWICE: true, it is of the one that was asked for. */
bool learn_twice(struct learn *l, const struct midi_event *e, uint64_t now_ns);

#endif
