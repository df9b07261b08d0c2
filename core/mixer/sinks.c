/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The audio thread's side of the sinks. */
#include "core/mixer/sink.h"

#include "core/mixer/mixer_state.h"
#include "core/ring/ring.h"
#include "core/samples.h"

static void
rings_set_freewheel(const struct sinks *list, bool freewheel)
{
	for (uint32_t i = 0; i < list->count; i++)
		if (list->sink[i].ring)
			ring_set_freewheel(list->sink[i].ring, freewheel);
}

/* The newest list; from now on no other is used. */
static const struct sinks *
list_take(struct mixer *m)
{
	/* relaxed: what is new is taken with acquire below */
	uint32_t mail = atomic_load_explicit(&m->mail, memory_order_relaxed);

	if (!(mail & SINKS_NEW))
		return &m->sinks[m->sinks_used];
	/* acquire: the list is whole. release: what was written to the rings of
	 * the one that is given back is written */
	mail = atomic_exchange_explicit(
		&m->mail, m->sinks_used, memory_order_acq_rel);
	m->sinks_used = mail & ~SINKS_NEW;
	rings_set_freewheel(&m->sinks[m->sinks_used], m->freewheel);
	return &m->sinks[m->sinks_used];
}

static float *
output_side(float *const (*out)[2], uint32_t output, int side)
{
	return out ? out[output][side] : NULL;
}

/* A bus is mixed where it goes first; what is a strip's is silence until that
 * strip has something. */
RT void
mixer_sinks_begin(struct mixer *m, float *const (*out)[2], uint32_t n)
{
	const struct sinks *list = list_take(m);
	struct bus *bus = m->bus;

	for (uint32_t b = 0; b < m->config.buses; b++)
		for (int i = 0; i < 2; i++)
			bus[b].to[i] = bus[b].own[i];
	for (uint32_t o = 0; o < m->config.outputs; o++) {
		int16_t b = list->bus[o];

		for (int i = 0; i < 2; i++) {
			float *x = output_side(out, o, i);

			if (x && b < 0)
				samples_clear(x, n);
			else if (x && bus[b].to[i] == bus[b].own[i])
				bus[b].to[i] = x;
		}
	}
}

RT void
mixer_sinks_tap(struct mixer *m, enum tap_point point, const struct strip *s,
	const struct side side[2], const struct chunk *p)
{
	const struct sinks *list = &m->sinks[m->sinks_used];
	int16_t output = list->tap[s - m->strip][point - TAP_PRE];

	if (output < 0)
		return;
	for (int i = 0; i < 2; i++) {
		float *to = output_side(p->out, (uint32_t)output, i);

		/* a gain can have made infinity; the bus counts it */
		if (to && side[i].x)
			samples_clean(to + p->at, side[i].x, p->n);
	}
}

RT void
mixer_sinks_finish(struct mixer *m, float *const (*out)[2], uint32_t n)
{
	const struct sinks *list = &m->sinks[m->sinks_used];

	for (uint32_t k = 0; k < list->count; k++) {
		const struct sink *s = &list->sink[k];
		const struct bus *bus;

		if (s->point != TAP_BUS)
			continue;
		bus = &m->bus[s->place];
		if (s->ring && !m->freewheel)
			ring_write_planar(s->ring,
				(const float *const[]){bus->to[0], bus->to[1]},
				n);
		for (int i = 0; i < 2 && !s->ring; i++) {
			float *x = output_side(out, s->output, i);

			if (x && x != bus->to[i])
				samples_copy(x, bus->to[i], n);
		}
	}
}

RT void
mixer_set_freewheel(struct mixer *m, bool freewheel)
{
	const struct sinks *list = list_take(m);

	if (m->freewheel == freewheel)
		return;
	m->freewheel = freewheel;
	rings_set_freewheel(list, freewheel);
}

RT void
mixer_count_xrun(struct mixer *m)
{
	const struct sinks *list = list_take(m);

	for (uint32_t i = 0; i < list->count; i++)
		if (list->sink[i].ring)
			ring_count_xrun(list->sink[i].ring);
}

RT void
mixer_sinks_clock(struct mixer *m, uint64_t time_ns)
{
	const struct sinks *list = list_take(m);

	for (uint32_t i = 0; i < list->count; i++) {
		struct ring_writer *ring = list->sink[i].ring;

		if (ring)
			ring_set_clock(ring, ring_writer_frame(ring), time_ns);
	}
}
