/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A stream on its way to the silent sink, and back. */
#include <string.h>

#include "driver/supervisor/park/park.h"

void
park_drop(struct park *p, struct park_node *n)
{
	n->state = PARK_FREE;
	n->overwritten = false;
	n->moved_to = 0;
	moved_end(p, n);
	journal_park_drop(p->journal, p->graph.daemon, n->serial);
}

void
park_stream(struct park *p, struct park_node *n)
{
	if (!n->requested || n->state == PARK_PARKED || !p->graph.is_ready)
		return;
	memcpy(n->park, p->park_sink, sizeof(n->park));
	if (park_note(p, n) < 0) {
		n->requested = false;
		if (n->state == PARK_FREE)
			journal_park_drop(
				p->journal, p->graph.daemon, n->serial);
		return;
	}
	n->state = PARK_PARKED;
	park_write(p, n);
}

/* The order is such that neither a wrong route is made on the way nor a wrong
 * choice left in WirePlumber's memory: what is written last is remembered. */
void
park_restore(struct park *p, struct park_node *n)
{
	if (n->state != PARK_PARKED)
		return;
	n->state = PARK_RESTORING;
	n->crossed = false;
	n->moved_to = 0;
	/* target.node first: it routes nothing yet */
	if (n->overwritten)
		park_word(p, n, KEY_NODE, &n->node);
	park_word(p, n, KEY_OBJECT, &n->object);
	/* a serial in target.object speaks for itself */
	if (!n->object.set || choice_latest(p, n) != n)
		choice_keep(p, n);
}
