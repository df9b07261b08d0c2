/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A node "dead_driver" that wants to be the clock of whatever it is linked to,
 * and never ticks: as a sound card does that hangs. */
#include <pipewire/filter.h>
#include <pipewire/pipewire.h>

static const struct pw_filter_events events = {
	.version = PW_VERSION_FILTER_EVENTS};

int
main(int argc, char **argv)
{
	struct pw_main_loop *loop;
	struct pw_filter *filter;

	pw_init(&argc, &argv);
	loop = pw_main_loop_new(NULL);
	filter =
		pw_filter_new_simple(pw_main_loop_get_loop(loop), "dead_driver",
			pw_properties_new(PW_KEY_NODE_NAME, "dead_driver",
				PW_KEY_PRIORITY_DRIVER, "100000",
				PW_KEY_NODE_ALWAYS_PROCESS, "true", NULL),
			&events, NULL);
	pw_filter_add_port(filter, PW_DIRECTION_OUTPUT,
		PW_FILTER_PORT_FLAG_MAP_BUFFERS, 8,
		pw_properties_new(PW_KEY_FORMAT_DSP, "32 bit float mono audio",
			PW_KEY_PORT_NAME, "out", NULL),
		NULL, 0);
	if (pw_filter_connect(filter, PW_FILTER_FLAG_DRIVER, NULL, 0) < 0)
		return 1;
	return pw_main_loop_run(loop);
}
