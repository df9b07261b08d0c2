/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driver/supervisor/supervisor_own.h"

#include "driver/pipewire/graph/wireplumber.h"

void
supervisor_leave(struct supervisor *w, int exit_code)
{
	if (w->leaving)
		return;
	w->leaving = true;
	w->exit_code = exit_code;
	w->leave_ns = supervisor_now_ns() + (int64_t)WIREPLUMBER_SETTLE_NS;
	w->spawn_ns = INT64_MAX;
	park_engine_gone(&w->park);
}
