/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A configuration that was read again: what of it is another, and what of that
 * can change while it runs. Pure functions. */
#ifndef CONFIG_CHANGE_H
#define CONFIG_CHANGE_H

#include "control/config/engine_config.h"

#define CONFIG_CHANGE_TEXT_MAX 160 /* bytes with the NUL */

struct config_change {
	bool any;			      /* of what can change */
	char live[CONFIG_CHANGE_TEXT_MAX];    /* its keys, or "" */
	char restart[CONFIG_CHANGE_TEXT_MAX]; /* those of the rest */
};

void config_change_read(struct config_change *out,
	const struct engine_config *now, const struct engine_config *next);

/* What can change of *next into *now. */
void config_change_apply(
	struct engine_config *now, const struct engine_config *next);

#endif
