/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a bus may be called, and which loop device a name means: the one place
 * that knows it. Pure functions, any thread. */
#ifndef BUS_NAME_H
#define BUS_NAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BUS_NAME_MAX 32 /* bytes with the NUL */
#define LOOPS_MAX    64 /* loop devices */

/* Words for refusals: what a name is made of, what begins with loop. */
#define BUS_NAME_SHAPE "1 to 31 of a-z, 0-9 and -"
#define BUS_NAME_LOOPS "loop, loop2, loop3 and so on to loop64"

/* The room, and the headphones. */
#define BUS_NAME_MAIN "main"
#define BUS_NAME_CUE  "cue"

/* A part of addresses; buses and routes are called so. */
bool bus_name_is_slug(const char *name);

/* "loop" is 1, "loop2" 2, to LOOPS_MAX; 0: no loop bus; -EINVAL: it begins with
 * loop and is none of these, so that it can be no bus at all. */
int bus_name_loop(const char *name);

/* What buses are for, by their names: sets, of which bit b is bus b. */
struct bus_uses {
	uint32_t loops; /* recorded */
	uint32_t cue;	/* BUS_NAME_CUE, or none */
	uint32_t room;	/* BUS_NAME_MAIN, or none */
};
void bus_name_use(struct bus_uses *uses, const char *name, uint32_t bus);

/* "loop", "loop2" ...; number 1..LOOPS_MAX */
void bus_name_of_loop(uint32_t number, char name[BUS_NAME_MAX]);

#endif
