/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What follows when an engine ends: whether there is another one, when, and
 * whether that one may take programs. It decides and does nothing.
 *
 * An exit code of sysexits.h ends the run only before any engine has lived: a
 * port that was taken or a PipeWire that is away for a moment later is no
 * reason to leave the stage.
 *
 * Engines that crash young, one after the other, are dangerous to whom they
 * take. After FATE_CRASHES_MAX of them programs are only copied, which leaves
 * them where they play, until the user says otherwise. */
#ifndef FATE_H
#define FATE_H

#include <stdbool.h>
#include <stdint.h>

#define FATE_CRASHES_MAX 3
#define FATE_YOUNG_MS	 5000

struct fate {
	bool any_lived;	  /* an engine has */
	bool copy_only;	  /* from now on */
	unsigned young;	  /* in a row that ended young: the pause grows */
	unsigned crashes; /* of these, those that crashed */
};

/* How an engine ended. */
struct engine_death {
	bool lived; /* it has beaten */
	int code;   /* its exit code, or -1: a signal */
	int64_t age_ms;
};

/* control: ms until the next engine, or -1: there is none, the run ends with
 * this code */
int fate_next(struct fate *f, const struct engine_death *death);

/* control: the user wants programs to be taken again */
void fate_forgive(struct fate *f);

#endif
