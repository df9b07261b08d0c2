/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/config/engine_config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "control/util/name.h"
#include "driver/bus_name.h"

#define OWN_NAMES "tapdeck."

void
engine_config_init(struct engine_config *config)
{
	memset(config, 0, sizeof(*config));
	model_config_init(&config->model);
	osc_config_init(&config->osc);
	config->cable = true;
}

int
engine_config_sink(
	struct engine_config *config, uint32_t bus, const char *sink, char *why)
{
	char *to = config->bus_sink[bus];
	size_t size_bytes = sizeof(config->bus_sink[bus]);
	size_t length = strlen(sink);
	const char *name = config->model.bus_name[bus];

	if (sink[0] && bus_name_loop(name) > 0)
		snprintf(why, MODEL_CONFIG_WHY,
			"%s feeds its loop device, not a sink", name);
	else if (!name_is_printable(sink))
		snprintf(why, MODEL_CONFIG_WHY,
			"must be UTF-8 text without control characters");
	else if (length >= size_bytes)
		snprintf(why, MODEL_CONFIG_WHY,
			"\"%.40s\" is too long; at most %zu bytes", sink,
			size_bytes - 1);
	else if (!strncmp(sink, OWN_NAMES, strlen(OWN_NAMES)))
		snprintf(why, MODEL_CONFIG_WHY,
			"\"%.60s\" is tapdeck's own: it would hear itself",
			sink);
	else {
		memset(to, 0, size_bytes);
		memcpy(to, sink, length + 1);
		return 0;
	}
	return -EINVAL;
}
