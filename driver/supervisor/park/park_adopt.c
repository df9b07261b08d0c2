/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the journal has of a run that was killed. */
#include "driver/supervisor/park/park.h"

#include <string.h>

/* A stream that a killed run has parked: as if we had done it. */
static void
adopt(struct park *p, const struct journal_park *e)
{
	struct park_node *n = park_graph_by_serial(&p->graph, e->serial);

	if (!n || n->state != PARK_FREE || strcmp(n->name, e->name) != 0 ||
		!n->object.set || strcmp(n->object.value, e->park) != 0) {
		journal_park_drop(p->journal, e->daemon, e->serial);
		return;
	}
	memcpy(n->park, e->park, sizeof(n->park));
	n->object = e->object;
	/* We overwrite target.node only where target.object was the choice. */
	if (e->object.set) {
		n->overwritten = !metadata_value_same(&n->node, &e->node);
		n->overwritten_id = UINT32_MAX;
		n->node = e->node;
	}
	n->state = PARK_PARKED;
	park_restore(p, n);
}

void
adopt_all(struct park *p)
{
	struct journal_park e;

	journal_forget_others(p->journal, p->graph.daemon);
	/* dropping one moves another into its place: from the end */
	for (size_t i = journal_parks(p->journal); i-- > 0;) {
		e = *journal_park_at(p->journal, i);
		moved_start(&p->graph, e.paused);
		adopt(p, &e);
	}
	p->recovered = true;
	p->events->recovered(p->data);
}
