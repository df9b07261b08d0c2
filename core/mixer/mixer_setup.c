/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The control thread's side of a mixer. */
#include "core/mixer/mixer.h"

#include <assert.h>
#include <errno.h>
#include <math.h>

#include "core/mixer/mixer_state.h"
#include "core/resident.h"
#include "core/stage/stages.h"

#define CACHE_LINE	64
#define FLOATS_PER_LINE (CACHE_LINE / sizeof(float))
#define BEHIND_PART	200 /* of a second: 5 ms */

static bool
is_one_of(uint32_t set, uint32_t all)
{
	return (set & ~all) == 0 && (set & (set - 1)) == 0;
}

/* No bus is for two things. */
static bool
roles_are_valid(const struct mixer_config *c)
{
	uint32_t all = (1u << c->buses) - 1;

	return (c->loops & ~all) == 0 && is_one_of(c->cue, all & ~c->loops) &&
	       is_one_of(c->room, all & ~c->loops & ~c->cue);
}

static bool
config_is_valid(const struct mixer_config *c)
{
	return c->strips >= 1 && c->strips <= STRIPS_MAX && c->buses >= 1 &&
	       c->buses <= BUSES_MAX && c->rate_hz >= RATE_MIN_HZ &&
	       c->rate_hz <= RATE_MAX_HZ && c->block_max >= BLOCK_MIN &&
	       c->block_max <= BLOCK_MAX && c->outputs <= OUTPUTS_MAX &&
	       c->frame_messages <= QUEUE_MESSAGES && roles_are_valid(c);
}

/* Whole cache lines, and one more: buffers a power of two apart would compete
 * for the same places of the cache. */
static size_t
buffer_floats(uint32_t block_max)
{
	size_t lines = (block_max + FLOATS_PER_LINE - 1) / FLOATS_PER_LINE;

	return (lines + 1) * FLOATS_PER_LINE;
}

/* The buses' own buffers, then the states of the stages. */
static size_t
scratch_bytes(const struct mixer_config *c, const struct rack_plan *of_strip,
	const struct rack_plan *of_bus)
{
	return 2 * (size_t)c->buses * buffer_floats(c->block_max) *
		       sizeof(float) +
	       (size_t)c->strips * of_strip->state_bytes +
	       (size_t)c->buses * of_bus->state_bytes;
}

static void
scratch_lay_out(struct mixer *m)
{
	size_t floats = buffer_floats(m->config.block_max);
	float *next = m->scratch;
	unsigned char *state;

	for (uint32_t b = 0; b < m->config.buses; b++)
		for (int i = 0; i < 2; i++, next += floats)
			m->bus[b].own[i] = next;
	state = (unsigned char *)next;
	for (uint32_t s = 0; s < m->config.strips; s++) {
		rack_init(&m->strip[s].rack, &m->of_strip, state);
		state += m->of_strip.state_bytes;
	}
	for (uint32_t b = 0; b < m->config.buses; b++) {
		rack_init(&m->bus[b].rack, &m->of_bus, state);
		state += m->of_bus.state_bytes;
	}
}

static void
strip_init(struct strip *s)
{
	fader_init(&s->fader);
	cross_side_init(&s->cross);
	glide_init(&s->open, 1.0f);
	glide_init(&s->cue, 0.0f);
	solo_init(&s->solo);
	for (uint32_t b = 0; b < BUSES_MAX; b++)
		glide_init(&s->send[b], 0.0f);
}

static void
rate_use(struct mixer *m, uint32_t rate_hz)
{
	m->config.rate_hz = rate_hz;
	m->usual = ramp_frames_usual(rate_hz);
	m->fall_per_frame = pow(0.1, 1.0 / (METER_FALL_S * rate_hz));
	m->mean_per_frame = pow(0.01, 1.0 / (METER_MEAN_S * rate_hz));
	m->hold_frames = (uint32_t)(METER_HOLD_S * rate_hz);
	m->passage.rate_hz = rate_hz;
	cross_set_rate(&m->cross, rate_hz);
	cross_set_rate(&m->cue.mix, rate_hz);
	for (uint32_t s = 0; s < m->config.strips; s++)
		rack_forget(&m->strip[s].rack);
	for (uint32_t b = 0; b < m->config.buses; b++)
		rack_forget(&m->bus[b].rack);
}

/* All that is not said here is 0, also what is shared. */
static void
mixer_init(struct mixer *m, const struct mixer_config *config)
{
	m->config = *config;
	if (m->config.outputs == 0)
		m->config.outputs = config->buses;
	scratch_lay_out(m);
	cross_init(&m->cross, 0.5f);
	cue_init(&m->cue);
	rate_use(m, config->rate_hz);
	pending_init(&m->pending);
	queue_init(&m->queue);
	for (uint32_t s = 0; s < STRIPS_MAX; s++)
		strip_init(&m->strip[s]);
	for (uint32_t b = 0; b < BUSES_MAX; b++)
		fader_init(&m->bus[b].fader);
	mixer_sinks_init(m);
}

int
mixer_new_staged(struct mixer **out, const struct mixer_config *config,
	const struct stage *const strip[], const struct stage *const bus[])
{
	struct rack_plan of_strip, of_bus;
	size_t size_bytes;
	struct mixer *m;

	*out = NULL;
	if (!config_is_valid(config))
		return -EINVAL;
	rack_plan_init(&of_strip, strip);
	rack_plan_init(&of_bus, bus);
	size_bytes = sizeof(*m) + scratch_bytes(config, &of_strip, &of_bus);
	m = resident_new(size_bytes);
	if (!m)
		return -ENOMEM;
	m->size_bytes = size_bytes;
	m->of_strip = of_strip;
	m->of_bus = of_bus;
	mixer_init(m, config);
	*out = m;
	return 0;
}

int
mixer_new(struct mixer **out, const struct mixer_config *config)
{
	return mixer_new_staged(out, config, stages_strip, stages_bus);
}

void
mixer_free(struct mixer *m)
{
	if (m)
		resident_free(m, m->size_bytes);
}

int
mixer_set_rate(struct mixer *m, uint32_t rate_hz)
{
	if (rate_hz < RATE_MIN_HZ || rate_hz > RATE_MAX_HZ)
		return -EINVAL;
	rate_use(m, rate_hz);
	/* What was said for now is a value, and stays. */
	mixer_messages_take(m, UINT32_MAX);
	pending_init(&m->pending);
	/* relaxed, twice: no audio thread is there */
	atomic_store_explicit(
		&m->timed_done, m->timed_posted, memory_order_relaxed);
	atomic_store_explicit(&m->clock.version, 0, memory_order_relaxed);
	return 0;
}

static bool
place_is_valid(const struct mixer_config *c, const struct message *msg)
{
	if (msg->parameter == MIX_SEND)
		return msg->place / BUSES_MAX < c->strips &&
		       msg->place % BUSES_MAX < c->buses;
	if (msg->parameter >= MIX_CROSSFADER)
		return msg->place == 0;
	return msg->place <
	       (msg->parameter >= MIX_BUS_GAIN ? c->buses : c->strips);
}

static bool
target_is_valid(const struct mixer *m, const struct message *msg)
{
	/* from 0 on; of those that no stage has */
	static const struct {
		float most;
		bool whole;
	} range[MIX_COUNT] = {
		[MIX_GAIN] = {GAIN_MAX},
		[MIX_MUTE] = {1.0f, true},
		[MIX_OPEN] = {1.0f, true},
		[MIX_KEPT_OUT] = {MIX_SET_MAX, true},
		[MIX_HALVED] = {MIX_SET_MAX, true},
		[MIX_SEND] = {1.0f, true},
		[MIX_ROUTE] = {MIX_SET_MAX, true},
		[MIX_BUS_GAIN] = {GAIN_MAX},
		[MIX_BUS_MUTE] = {1.0f, true},
		[MIX_SIDE] = {CROSSFADE_SIDES, true},
		[MIX_CROSSFADER] = {1.0f},
		[MIX_CROSSFADER_CURVE] = {CROSSFADE_CURVES - 1, true},
		[MIX_CROSSFADER_CUT_IN] = {1.0f},
		[MIX_CROSSFADER_REVERSE] = {1.0f, true},
		[MIX_CUE] = {1.0f, true},
		[MIX_SOLO] = {1.0f, true},
		[MIX_CUE_MIX] = {1.0f},
		[MIX_CUE_GAIN] = {GAIN_MAX},
		[MIX_CUE_SPLIT] = {1.0f, true},
		[MIX_SOLO_LOOP] = {1.0f, true},
	};
	const struct stage_value *value;

	if (msg->parameter >= MIX_COUNT)
		return false;
	if (range[msg->parameter].most > 0.0f)
		return msg->target >= 0.0f && /* false for NaN */
		       msg->target <= range[msg->parameter].most &&
		       (!range[msg->parameter].whole ||
			       msg->target == floorf(msg->target));
	value = rack_plan_value(
		msg->parameter >= MIX_BUS_GAIN ? &m->of_bus : &m->of_strip,
		msg->parameter);
	return value && msg->target >= value->least &&
	       msg->target <= value->most; /* false for NaN */
}

static bool
message_is_valid(const struct mixer *m, const struct message *msg)
{
	return target_is_valid(m, msg) && msg->law < RAMP_LAWS &&
	       msg->ramp <= RAMP_FRAMES_MAX && place_is_valid(&m->config, msg);
}

/* Were there more waiting for their frame than the audio thread can keep, it
 * would have to tear a batch apart. Messages for now are never held up. */
static bool
has_room_to_wait(const struct mixer *m, uint64_t timed)
{
	/* relaxed: an old number is too small, which is safe */
	uint64_t done =
		atomic_load_explicit(&m->timed_done, memory_order_relaxed);

	return m->timed_posted - done + timed <= PENDING_MESSAGES;
}

bool
mixer_post(struct mixer *m, const struct message *msgs, uint32_t count)
{
	uint64_t timed = 0;
	bool valid = true;

	for (uint32_t i = 0; i < count; i++) {
		valid = valid && message_is_valid(m, &msgs[i]);
		timed += msgs[i].frame != 0;
	}
	assert(valid);
	(void)valid;
	if (!has_room_to_wait(m, timed))
		return false;
	if (!queue_post(&m->queue, msgs, count))
		return false;
	m->timed_posted += timed;
	return true;
}

bool
mixer_is_behind(const struct mixer *m)
{
	uint32_t waiting = queue_posted(&m->queue) - queue_taken(&m->queue);
	uint32_t in_time =
		m->config.frame_messages * (m->config.rate_hz / BEHIND_PART);

	return m->config.frame_messages > 0 && waiting >= in_time;
}

uint32_t
mixer_posted(const struct mixer *m)
{
	return queue_posted(&m->queue);
}
