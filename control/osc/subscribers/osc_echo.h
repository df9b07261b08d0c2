/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a subscriber was told lately and may send back. Many do that, some
 * after a while, when the value is another one already: taken for a hand's, two
 * such clients pass old values round for ever. Control thread only. */
#ifndef OSC_ECHO_H
#define OSC_ECHO_H

#include <stdbool.h>
#include <stdint.h>

#include "control/model/param.h"

struct osc_echoes;

/* NULL: no memory; then nothing is an echo. */
struct osc_echoes *osc_echoes_new(void);
void osc_echoes_free(struct osc_echoes *e);

/* It was told this. now_ns: CLOCK_MONOTONIC */
void osc_echoes_put(struct osc_echoes *e, uint32_t id,
	const struct param_value *value, uint64_t now_ns);

/* It says this: is it what it was told? Once for each time that it was. */
bool osc_echoes_take(struct osc_echoes *e, uint32_t id,
	const struct param_value *value, uint64_t now_ns);

#endif
