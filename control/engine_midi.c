/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The MIDI devices of the machine. */
#include "control/engine_own.h"

#include <stdio.h>
#include <string.h>

#include "control/midi_hub.h"

static void
on_say(void *data, const char *line)
{
	engine_say(data, line);
}

void
engine_midi_start(struct engine *e)
{
	const struct midi_hub_config config = {
		.loop = e->loop,
		.params = console_params(e->console),
		.say = on_say,
		.data = e,
	};
	int ret = midi_hub_open(&e->midi, &config);

	if (ret < 0)
		fprintf(stderr, "tapdeck: no MIDI: %s\n", strerror(-ret));
}
