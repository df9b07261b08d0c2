/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driver/bus_name.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

_Static_assert(LOOPS_MAX == 64, "BUS_NAME_LOOPS says so");

bool
bus_name_is_slug(const char *name)
{
	size_t length = strnlen(name, BUS_NAME_MAX);

	return length > 0 && length < BUS_NAME_MAX &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == length;
}

int
bus_name_loop(const char *name)
{
	char one[BUS_NAME_MAX];

	if (strncmp(name, "loop", 4) != 0)
		return 0;
	for (uint32_t n = 1; n <= LOOPS_MAX; n++) {
		bus_name_of_loop(n, one);
		if (!strcmp(name, one))
			return (int)n;
	}
	return -EINVAL;
}

void
bus_name_of_loop(uint32_t number, char name[BUS_NAME_MAX])
{
	if (number > 1)
		snprintf(name, BUS_NAME_MAX, "loop%u", number);
	else
		snprintf(name, BUS_NAME_MAX, "loop");
}

void
bus_name_use(struct bus_uses *uses, const char *name, uint32_t bus)
{
	if (bus_name_loop(name) > 0)
		uses->loops |= 1u << bus;
	else if (!strcmp(name, BUS_NAME_CUE))
		uses->cue |= 1u << bus;
	else if (!strcmp(name, BUS_NAME_MAIN))
		uses->room |= 1u << bus;
}
