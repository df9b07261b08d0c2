/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Our word over the one that a stream's user has said, and what of that the
 * session manager remembers.
 *
 * WirePlumber's memory of the choice stays what it was. Its restore-stream
 * remembers one sink under a key that streams may share (media.role first:
 * every player of "Music" is one), saves it again at each change of
 * target.object or target.node of any of them, and forgets it when the new
 * value is not a serial or an id. So after each write of ours the stream that
 * has chosen last for the key says its word again. */
#include "driver/supervisor/park/park.h"
#include "driver/pipewire/graph/wireplumber.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define TYPE_NAME "Spa:String"

/* target.object goes before target.node. */
static const struct graph_object *
chosen_sink(struct park *p, const struct park_node *n)
{
	const struct metadata_value *v = n->object.set ? &n->object : &n->node;

	return v->set && wireplumber_remembers(v->value)
		       ? wireplumber_target(
				 &p->graph.mirror, v->value, v == &n->object)
		       : NULL;
}

/* What was there before us has no order: a choice counts more than none. */
struct park_node *
choice_latest(struct park *p, struct park_node *n)
{
	struct park_node *m, *last = n;

	if (!n->target_key[0])
		return n;
	spa_list_for_each(m, &p->graph.nodes, link)
	{
		if (strcmp(m->target_key, n->target_key) != 0)
			continue;
		if (m->chosen_turn > last->chosen_turn ||
			(m->chosen_turn == last->chosen_turn &&
				!chosen_sink(p, last) && chosen_sink(p, m)))
			last = m;
	}
	return last;
}

bool
choice_is_echo(const struct metadata_value *v)
{
	return v->set && !strcmp(v->type, WIREPLUMBER_AGAIN_TYPE);
}

static void
write_again(struct park *p, const struct park_node *n, const char *key,
	const struct metadata_value *v)
{
	struct metadata_value odd = *v;

	snprintf(odd.type, sizeof(odd.type), WIREPLUMBER_AGAIN_TYPE);
	park_graph_write(&p->graph, n->id, key, &odd);
	park_graph_write(&p->graph, n->id, key, v);
}

/* A parked stream says it in target.node, which routes nothing now. */
static void
overwrite(struct park *p, struct park_node *n, const struct graph_object *sink)
{
	struct metadata_value v = {.set = true, .type = "Spa:Id"};

	snprintf(v.value, sizeof(v.value), "%" PRIu32, sink->id);
	n->overwritten = !n->node.set || strcmp(n->node.value, v.value) != 0;
	n->overwritten_id = sink->id;
	write_again(p, n, KEY_NODE, n->overwritten ? &v : &n->node);
}

void
choice_keep(struct park *p, struct park_node *n)
{
	struct park_node *last = choice_latest(p, n);
	const struct graph_object *sink = chosen_sink(p, last);

	if (!sink)
		return;
	if (last->state == PARK_PARKED)
		overwrite(p, last, sink);
	else if (last->object.set)
		write_again(p, last, KEY_OBJECT, &last->object);
	else
		write_again(p, last, KEY_NODE, &last->node);
}

void
park_write(struct park *p, struct park_node *n)
{
	struct metadata_value v;

	n->moved_to = 0;
	metadata_value_make(&v, TYPE_NAME, n->park);
	park_word(p, n, KEY_OBJECT, &v);
	choice_keep(p, n);
}

void
park_user_changed(struct park *p, struct park_node *n)
{
	if (n->state == PARK_PARKED && park_note(p, n) == 0)
		choice_keep(p, n);
}
