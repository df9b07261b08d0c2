/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was learned, as mapping files of one line per control: one file per
 * device, in mapping_store_learned_folder(). Written whole and renamed, so that
 * a reader sees the old or the new one. Control thread only. */
#ifndef MIDI_LEARNED_H
#define MIDI_LEARNED_H

#include "control/mapping/mapping.h"
#include "control/util/file_saver.h"

struct midi_learned {
	const char *device;
	const char *address;
	const char *message; /* "ch 1 cc 7" */
};

/* control moves address from when the saver is done; one that was learned for
 * the same message before is no more then. 0, or -errno with
 * why[MAPPING_WHY_MAX], and everything is as before. */
int midi_learned_add(struct file_saver *saver, const char *device,
	const char *address, const struct mapping_message *message,
	enum mapping_as as, enum encoding coding, const struct params *params,
	char *why);

/* Forgets every control of this address, when the saver is done: how many, or
 * -errno with why. */
int midi_learned_forget(
	struct file_saver *saver, const char *address, char *why);

/* Calls each for every control; what it is given lives as long as the call. */
void midi_learned_list(
	void (*each)(void *data, const struct midi_learned *l), void *data);

/* "ch 1 cc 7" as a mapping file has it. */
void midi_learned_message(
	const struct mapping_message *m, char *out, size_t size_bytes);

#endif
