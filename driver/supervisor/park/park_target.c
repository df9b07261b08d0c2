/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The target that a stream's user has chosen, while we write over it: what the
 * metadata says of it is told from our own words, kept, answered, and put back
 * also after a run that was killed. */
#include "driver/supervisor/park/park.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static void
choice_made(struct park *p, struct park_node *n, bool set)
{
	if (p->graph.is_ready)
		n->chosen_turn = ++p->chosen_turns;
	else if (set)
		n->chosen_turn = 1;
}

static void
object_changed(
	struct park *p, struct park_node *n, const struct metadata_value *v)
{
	bool ours =
		n->state != PARK_FREE && v->set && !strcmp(v->value, n->park);

	if (ours || (choice_is_echo(v) && n->object.set &&
			    !strcmp(v->value, n->object.value)))
		return;
	/* Our own word has come too late: about the node before this one of
	 * the same id, or after we had given up. */
	if (p->recovered && v->set && !strcmp(v->value, p->park_sink)) {
		park_word(p, n, KEY_OBJECT, &n->object);
		return;
	}
	if (!metadata_value_same(&n->object, v))
		choice_made(p, n, v->set);
	else if (n->moved_to)
		return; /* told again, and about to be answered */
	n->object = *v;
	if (n->state == PARK_RESTORING) {
		/* The word that WirePlumber restored has crossed our release,
		 * which made it forget that one. */
		if (n->crossed)
			choice_keep(p, n);
		park_drop(p, n);
		park_stream(p, n); /* if it was requested again meanwhile */
		return;
	}
	if (n->state != PARK_PARKED)
		return;
	if (contest_lost(&n->contest)) {
		park_say(p,
			"%s is moved by another program as often as we take "
			"it; left alone",
			n->name);
		n->requested = false;
		if (n->overwritten)
			park_word(p, n, KEY_NODE, &n->node);
		park_drop(p, n);
		return;
	}
	moved_end(p, n);
	if (park_note(p, n) == 0)
		moved_answer(p, n);
}

static void
node_changed(
	struct park *p, struct park_node *n, const struct metadata_value *v)
{
	char overwritten[16];

	bool odd = choice_is_echo(v);

	if (odd && n->state == PARK_FREE)
		return;
	if (n->state != PARK_FREE) {
		snprintf(overwritten, sizeof(overwritten), "%" PRIu32,
			n->overwritten_id);
		if (n->overwritten && v->set && !strcmp(v->value, overwritten))
			return;
		if (odd && n->node.set && !strcmp(v->value, n->node.value))
			return;
		/* an echo of ours that has crossed the user's word */
		if (odd) {
			choice_keep(p, n);
			return;
		}
	}
	if (metadata_value_same(&n->node, v))
		return;
	if (n->state == PARK_RESTORING && !v->set && n->overwritten) {
		n->overwritten = false;
		return;
	}
	n->node = *v;
	n->crossed = n->state == PARK_RESTORING && v->set;
	choice_made(p, n, v->set);
	park_user_changed(p, n);
}

void
target_changed(struct park *p, struct park_node *n, const char *key,
	const struct metadata_value *value)
{
	if (!strcmp(key, KEY_OBJECT))
		object_changed(p, n, value);
	else if (!strcmp(key, KEY_NODE))
		node_changed(p, n, value);
}

/* ---- what the journal has of a run that was killed ---- */

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
