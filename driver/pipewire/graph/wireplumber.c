/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driver/pipewire/graph/wireplumber.h"

#include <stddef.h>

/* From 0.5 on it has its settings in a metadata of their own, before it does
 * anything else. */
enum wireplumber
wireplumber_version(const struct graph *g)
{
	if (graph_metadata(g, "sm-settings"))
		return WIREPLUMBER_0_5;
	return graph_metadata(g, "default") ? WIREPLUMBER_0_4
					    : WIREPLUMBER_NONE;
}

/* None reads the other one's, which a change of version leaves behind. */
const char *
wireplumber_streams_file(enum wireplumber version, unsigned n)
{
	static const char *const names[][3] = {
		[WIREPLUMBER_NONE] = {"stream-properties", "restore-stream"},
		[WIREPLUMBER_0_4] = {"restore-stream"},
		[WIREPLUMBER_0_5] = {"stream-properties"},
	};

	return names[version][n];
}
