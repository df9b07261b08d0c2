/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The control thread's side of the sinks. */
#include "core/mixer/sink.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "core/mixer/mixer.h"
#include "core/mixer/mixer_state.h"

static void
list_clear(struct sinks *list)
{
	list->count = 0;
	memset(list->bus, -1, sizeof(list->bus));
	memset(list->tap, -1, sizeof(list->tap));
}

static bool
sink_is_valid(const struct mixer_config *c, const struct sink *s)
{
	if (s->point >= TAP_POINTS ||
		s->place >= (s->point == TAP_BUS ? c->buses : c->strips))
		return false;
	return s->ring ? s->point == TAP_BUS : s->output < c->outputs;
}

/* An output has one sink, a strip's tap one output, and a ring one bus. */
static int
list_add(struct sinks *list, const struct sink *s)
{
	const bool is_strip = s->point != TAP_BUS;

	for (uint32_t i = 0; i < list->count; i++) {
		const struct sink *old = &list->sink[i];

		if (s->ring ? old->ring == s->ring
			    : !old->ring && (old->output == s->output ||
						    (is_strip &&
							    old->point ==
								    s->point &&
							    old->place ==
								    s->place)))
			return -EINVAL;
	}
	if (list->count == SINKS_MAX)
		return -ENOSPC;
	list->sink[list->count++] = *s;
	if (s->ring)
		return 0;
	if (is_strip)
		list->tap[s->place][s->point - TAP_PRE] = (int16_t)s->output;
	else
		list->bus[s->output] = (int16_t)s->place;
	return 0;
}

int
mixer_set_sinks(struct mixer *m, const struct sink *sinks, uint32_t count)
{
	struct sinks *list = &m->sinks[m->sinks_spare];
	int e = 0;

	list_clear(list);
	for (uint32_t i = 0; i < count && e == 0; i++)
		e = sink_is_valid(&m->config, &sinks[i])
			    ? list_add(list, &sinks[i])
			    : -EINVAL;
	if (e < 0)
		return e;
	memmove(m->wanted, sinks, count * sizeof(*sinks));
	m->wanted_count = count;
	/* release: the list is whole. acquire: the one that comes back is not
	 * read any more */
	m->sinks_spare =
		atomic_exchange_explicit(&m->mail, m->sinks_spare | SINKS_NEW,
			memory_order_acq_rel) &
		~SINKS_NEW;
	return 0;
}

bool
mixer_sinks_taken(const struct mixer *m)
{
	/* acquire: pairs with the release in list_take(), sinks.c; nothing is
	 * written to the rings of the list before any more */
	return !(atomic_load_explicit(&m->mail, memory_order_acquire) &
		 SINKS_NEW);
}

void
mixer_set_ring(struct mixer *m, uint32_t bus, struct ring_writer *w)
{
	struct sink next[SINKS_MAX];
	uint32_t count = 0;

	assert(bus < m->config.buses);
	for (uint32_t i = 0; i < m->wanted_count; i++)
		if (!m->wanted[i].ring || m->wanted[i].place != bus)
			next[count++] = m->wanted[i];
	assert(count < SINKS_MAX);
	if (w)
		next[count++] = (struct sink){.place = bus, .ring = w};
	if (mixer_set_sinks(m, next, count) < 0)
		assert(false);
}

void
mixer_sinks_init(struct mixer *m)
{
	struct sinks *list = &m->sinks[0];

	list_clear(list);
	for (uint32_t b = 0; b < m->config.buses; b++) {
		m->wanted[b] = (struct sink){.place = b, .output = b};
		list_add(list, &m->wanted[b]);
	}
	m->wanted_count = m->config.buses;
	m->sinks_used = 0;
	m->sinks_spare = 1;
	atomic_init(&m->mail, 2);
}
