/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is said of a stream: to people, to the metadata, in the journal. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "driver/supervisor/park/park.h"

void
park_say(struct park *p, const char *format, ...)
{
	char line[512];
	va_list args;

	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	if (p->events->say)
		p->events->say(p->data, line);
}

void
park_word(struct park *p, const struct park_node *n, const char *key,
	const struct metadata_value *value)
{
	park_graph_write(&p->graph, n->id, key, value);
	park_graph_check(&p->graph);
}

int
park_note(struct park *p, const struct park_node *n)
{
	struct journal_park e = {
		.daemon = p->graph.daemon,
		.node_id = n->id,
		.serial = n->serial,
		.object = n->object,
		.node = n->node,
		.paused = n->paused,
	};
	int res;

	memcpy(e.name, n->name, sizeof(e.name));
	memcpy(e.park, n->park, sizeof(e.park));
	res = journal_park_put(p->journal, &e);
	if (res < 0)
		park_say(p, "%s is not taken: the journal: %s", n->name,
			strerror(-res));
	return res;
}
