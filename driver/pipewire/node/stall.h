/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether cycles stand still while control goes on, and which node of a graph
 * they wait for. Plain values in and out: no clock, no PipeWire. */
#ifndef STALL_H
#define STALL_H

#include <stdbool.h>
#include <stdint.h>

/* A node's turn in one cycle, as PipeWire's profiler tells it. */
enum turn_status {
	TURN_NOT_TRIGGERED, /* it waits for others */
	TURN_TRIGGERED,	    /* it has been woken */
	TURN_AWAKE,
	TURN_FINISHED,
};

struct turn {
	uint32_t node_id;
	uint32_t status;    /* enum turn_status, or one of later versions */
	uint64_t finish_ns; /* of its last turn that ended; 0: none */
	uint64_t signal_ns; /* it was woken for this one */
	uint64_t due_ns;    /* of a driver: this cycle, by its clock; or 0 */
};

struct stall {
	uint64_t cycles;
	uint64_t last_ns; /* of the last look; 0: none yet */
	uint64_t still_ns;
};

enum stall_level {
	STALL_NONE,
	STALL_ASK, /* late enough to ask who it is */
	STALL_ACT, /* late enough to take somebody off */
};

/* control: to be asked as often as stall_pace_ns() says; a block lasts
 * block_ns. Time in which we were not awake ourselves does not count. */
enum stall_level stall_look(
	struct stall *s, uint64_t cycles, uint64_t block_ns, uint64_t now_ns);

/* control: when to look next, ns from the last look on */
uint64_t stall_pace_ns(const struct stall *s, uint64_t block_ns);

/* any: of one cycle, the driver first: it began when it was due. A driver that
 * has stood still begins one after the other until it has made up for it, and
 * wakes all for each: who has not finished those is no culprit. */
bool cycle_was_due(const struct turn *turns, uint32_t count);

/* any: this cycle began within the stall, which lasts until now */
bool cycle_is_of(const struct stall *s, const struct turn *driver,
	uint64_t block_ns, uint64_t now_ns);

/* any: this node was woken and has finished nothing for as long as STALL_ACT
 * takes, in time in which cycles were due: since then */
bool turn_is_late(const struct turn *t, uint64_t block_ns, uint64_t since_ns,
	uint64_t now_ns);

#endif
