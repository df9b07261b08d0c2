/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Somebody writes over what we write, as often as we do (another program that
 * moves streams by itself): one of the two must stop, and it is us. Control
 * thread only. */
#ifndef CONTEST_H
#define CONTEST_H

#include <stdbool.h>
#include <stdint.h>

/* All zero before the first time. */
struct contest {
	unsigned times;
	int64_t since_ns;
};

/* control: to be called each time; true when that is enough */
bool contest_lost(struct contest *c);

#endif
