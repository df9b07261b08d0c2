/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driver/clock.h"

#include "driver/pipewire/driver_own.h"

uint64_t
driver_now_ns(void)
{
	return clock_now_ns();
}
