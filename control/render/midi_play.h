/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A Standard MIDI File played through a mapping, as if its device were there,
 * for the file driver. Nothing is sent back. Control thread only. */
#ifndef MIDI_PLAY_H
#define MIDI_PLAY_H

#include <stdbool.h>
#include <stdint.h>

#include "control/midi/midi_file.h"

#define MIDI_PLAY_WHY_MAX MIDI_FILE_WHY_MAX

struct midi_play;
struct params;

/* 0 and *out is the caller's, or *out is NULL and one line is in
 * why[MIDI_PLAY_WHY_MAX]: -EINVAL one of the files cannot be used, -ENOMEM,
 * -errno one cannot be read. */
int midi_play_open(struct midi_play **out, const char *midi, const char *map,
	struct params *params, uint32_t rate_hz, char *why);
/* Before the params go. NULL is fine. */
void midi_play_close(struct midi_play *p);

/* Does what is due at `frame`; to be called there. Returns how many of the n
 * frames that follow, at least one, may pass until it wants to be called
 * again: never across a message, so that each acts at its own frame. */
uint32_t midi_play_step(struct midi_play *p, uint64_t frame, uint32_t n);

/* The frame of the first message that was not played yet; false: all were. */
bool midi_play_left(const struct midi_play *p, uint64_t *frame);

/* Messages so far, and how many of them no control of the mapping took. */
void midi_play_count(
	const struct midi_play *p, uint64_t *messages, uint64_t *strange);

#endif
