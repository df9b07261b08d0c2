/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The stages of one strip or one bus, with their values and their states, and
 * what runs them. */
#ifndef RACK_H
#define RACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/message.h"
#include "core/mixer/glide.h"
#include "core/rt.h"
#include "core/stage/stage.h"

#define RACK_STAGES_MAX 16
#define RACK_VALUES_MAX 32
#define RACK_NONE	0xff

/* What all racks of a kind have in common. */
struct rack_plan {
	uint32_t stages, values;
	const struct stage *stage[RACK_STAGES_MAX];
	uint8_t first[RACK_STAGES_MAX]; /* of a stage's values, in the rack */
	uint32_t state_at[RACK_STAGES_MAX]; /* bytes into the rack's state */
	uint32_t state_bytes;		    /* of a rack; whole cache lines */
	uint8_t stage_of[RACK_VALUES_MAX];
	uint8_t value_of[MIX_COUNT]; /* RACK_NONE: no stage has it */
};

struct rack {
	uint32_t awake; /* bit k: stage k may have something to do */
	bool both;	/* a side that is not connected is silence */
	uint64_t next;	/* the frame that comes next, if none is missed */
	unsigned char *state;
	struct glide value[RACK_VALUES_MAX];
	uint8_t way[RACK_STAGES_MAX]; /* enum rack_way */
};

/* One side of a strip or bus on its way through stages. x is the input's own
 * buffer until something has to change it, then `own`. */
struct side {
	const float *x; /* NULL: nothing is connected */
	float *own;
	int32_t peak_bits; /* of x, the size of its largest sample */
	bool measured;	   /* peak_bits holds */
};

/* control: from a list that ends with NULL. One that does not fit is an own
 * mistake: assert. */
void rack_plan_init(struct rack_plan *plan, const struct stage *const stages[]);

/* any: a value of a rack; NULL: no stage has this parameter */
RT static inline const struct stage_value *
rack_plan_value(const struct rack_plan *plan, uint8_t parameter)
{
	uint8_t value = plan->value_of[parameter];
	uint8_t k;

	if (value == RACK_NONE)
		return NULL;
	k = plan->stage_of[value];
	return &plan->stage[k]->value[value - plan->first[k]];
}

/* control: everything at rest; state[plan->state_bytes] stays the caller's */
void rack_init(struct rack *r, const struct rack_plan *plan, void *state);

/* audio: the level that a parameter moves, which the caller turns now to `to`;
 * NULL: no stage has it */
RT struct glide *rack_wake(struct rack *r, const struct rack_plan *plan,
	uint8_t parameter, float to);

/* audio: would this word give the strip both its sides? */
RT bool rack_crosses(const struct rack *r, const struct rack_plan *plan,
	uint8_t parameter, float to);

/* audio, or control while no audio thread uses it: all states are forgotten */
RT void rack_forget(struct rack *r);

/* A rack, and the sound that goes through it. */
struct rack_turn {
	struct rack *rack;
	struct side side[2];
	bool gap; /* rack_run()'s own */
};

#define RACK_TURNS 2 /* at once */

/* audio: the sound of so many racks of a kind, up to RACK_TURNS, through all
 * their stages: as one by one, to the bit */
RT void rack_run(struct rack_turn turn[], uint32_t turns,
	const struct rack_plan *plan, struct passage *t);

/* audio: frames by which the sound is late after all stages, by the last one
 * that was run */
RT uint32_t rack_delay(
	const struct rack *r, const struct rack_plan *plan, uint32_t rate_hz);

/* audio: both sides through one stage that is a level */
RT void rack_level(const struct stage *s, const struct glide *g,
	struct side side[2], struct passage *t);

/* audio: x is a buffer of its own from now on */
RT void side_own(struct side *side, uint32_t n);

#endif
