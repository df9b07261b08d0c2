/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Levels of a running tapdeck, asked for once: what is measured only while
 * somebody asks has no number at first, and is waited for. Control thread only.
 */
#ifndef LEVELS_H
#define LEVELS_H

#include <stdbool.h>
#include <stdint.h>

#include "control/cli/client.h"
#include "control/model/param.h"
#include "core/limits.h"

#define LEVELS_MAX (STRIPS_MAX + BUSES_MAX)

struct level {
	char address[PARAM_ADDRESS_MAX];
	char text[64]; /* its numbers, one blank between */
	char json[80]; /* the same, as a number or an array */
	bool known;    /* it has one */
};

struct levels {
	struct level level[LEVELS_MAX];
	uint32_t count, refusals;
	client_take refused; /* an /error */
	void *data;
};

/* Is it an address of such? /meters/rms/bus/main, /loudness/main */
bool levels_has(const char *address);

/* The last one of each that the address names: at once what is known at once,
 * RMS and hold after half a second, loudness after up to 4. 0 or as
 * client_receive(). l->refused and l->data are the caller's. */
int levels_ask(struct levels *l, struct client *c, const char *address);

#endif
