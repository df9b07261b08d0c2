/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driver/supervisor/fate.h"

#include <sysexits.h>

static int
pause_ms(unsigned young)
{
	static const int ms[] = {0, 250, 500, 1000, 2000};
	const unsigned last = sizeof(ms) / sizeof(ms[0]) - 1;

	return ms[young < last ? young : last];
}

static bool
is_refusal(const struct engine_death *death)
{
	return death->code >= EX__BASE && death->code <= EX__MAX &&
	       !death->lived;
}

int
fate_next(struct fate *f, const struct engine_death *death)
{
	f->any_lived = f->any_lived || death->lived;
	if (death->code == 0 || (is_refusal(death) && !f->any_lived))
		return -1;
	if (death->age_ms >= FATE_YOUNG_MS)
		f->young = f->crashes = 0;
	else if (!is_refusal(death))
		f->crashes++;
	f->copy_only = f->copy_only || f->crashes >= FATE_CRASHES_MAX;
	return pause_ms(f->young++);
}

void
fate_forgive(struct fate *f)
{
	f->copy_only = false;
	f->crashes = 0;
}
