/* SPDX-License-Identifier: GPL-3.0-or-later */
/* After our own words those of others are looked for that we may not have been
 * told of; see park_graph_read_again(). */
#include "driver/supervisor/park/park.h"

#include <errno.h>

/* WirePlumber has restored what it remembers by then. */
#define LATER_NS 100000000

static void
on_timer(void *data, uint64_t expirations)
{
	struct park *p = data;

	(void)expirations;
	p->check_due = false;
	park_graph_read_again(&p->graph);
}

int
check_open(struct park *p)
{
	p->check = pw_loop_add_timer(p->loop, on_timer, p);
	return p->check ? 0 : -ENOMEM;
}

void
check_close(struct park *p)
{
	if (p->check)
		pw_loop_destroy_source(p->loop, p->check);
	p->check = NULL;
}

void
check_later(struct park *p)
{
	struct timespec at = {0, LATER_NS};

	if (p->check_due)
		return;
	p->check_due = true;
	pw_loop_update_timer(p->loop, p->check, &at, NULL, false);
}

void
check_write(struct park *p, const struct park_node *n, const char *key,
	const struct metadata_value *value)
{
	park_graph_write(&p->graph, n->id, key, value);
	check_later(p);
}
