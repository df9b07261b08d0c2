/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What `tapdeck watch` knows of a running tapdeck, from the messages that it
 * got. Control thread only. */
#ifndef WATCH_MODEL_H
#define WATCH_MODEL_H

#include <stdbool.h>
#include <stdint.h>

#include "control/cli/client.h"
#include "control/model/param.h"
#include "core/limits.h"

#define WATCH_SILENT_DB (-128.0) /* the lowest that /meters can say */

struct watch_row {
	char name[PARAM_TEXT_MAX];
	char app[PARAM_TEXT_MAX];
	char route[PARAM_TEXT_MAX];
	char tap[PARAM_TEXT_MAX];
	double gain_db;
	bool mute;
	double peak_db[2], hold_db[2], rms_db[2];
	/* A bus's, in LUFS, as text; "-": there is no number, "": not heard of
	 */
	char loud_short[16], loud_all[16];
};

struct watch_model {
	char version[PARAM_TEXT_MAX];
	double rate_hz;
	double block_frames;
	double tempo_bpm;
	uint32_t beat;
	bool tempo_runs;
	char quantise[PARAM_TEXT_MAX];
	uint32_t strips, buses;
	struct watch_row strip[STRIPS_MAX];
	struct watch_row bus[BUSES_MAX];
};

void watch_model_init(struct watch_model *m);

/* Takes one message; false if it changes nothing that is shown. */
bool watch_model_take(struct watch_model *m, const struct client_message *in);

#endif
