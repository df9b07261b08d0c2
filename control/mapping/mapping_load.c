/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/mapping/mapping_bytes.h"
#include "control/mapping/mapping_as.h"
#include "control/mapping/mapping_control.h"
#include "control/mapping/mapping_move.h"
#include "control/mapping/mapping_words.h"
#include "control/model/model.h"
#include "control/util/file_read.h"
#include "control/yaml/tree_value.h"

#define ALIKE_MAX 16 /* devices of one name */

/* ---- the top of the file ---- */

static int
read_devices(const struct mapping_reading *r)
{
	const struct tree *t = r->tree;
	const struct tree_node *list = r->top.device, *i;
	struct mapping *m = r->to;
	int rc = 0;

	if (!list)
		return tree_refuse(t, t->node,
			"needs device: a pattern of its name, such as "
			"\"nanoKONTROL2*\"");
	if (tree_count(list) > MAPPING_DEVICES_MAX)
		return tree_refuse(
			t, list, "more than %d patterns", MAPPING_DEVICES_MAX);
	i = list->kind == TREE_TEXT ? list : tree_first(list);
	for (; rc == 0 && i; i = tree_next(list, i))
		rc = mapping_text(t, i, i->text, m->device[m->devices++],
			MAPPING_NAME_MAX);
	return rc;
}

static int
read_channel(struct mapping_reading *r)
{
	const struct tree_node *node = r->top.channel;
	bool any = node && !strcmp(node->text, "any");
	uint32_t channel = 1;
	int rc = any ? 0 : tree_whole(r->tree, node, 1, 16, &channel);

	r->channel = any ? MAPPING_CHANNEL_ANY : (uint8_t)(channel - 1);
	return rc;
}

static int
read_top(struct mapping_reading *r)
{
	static const char *const ports[] = {
		[MAPPING_ALSA] = "alsa", [MAPPING_PIPEWIRE] = "pipewire", NULL};
	const struct mapping_top_keys *y = &r->top;
	const struct tree *t = r->tree;
	struct mapping *m = r->to;
	uint32_t port = MAPPING_ALSA, takeover = MAPPING_PICKUP;
	int rc;

	if (!y->name)
		return tree_refuse(t, t->node, "needs name:");
	rc = mapping_text(t, y->name, y->name->text, m->name, MAPPING_NAME_MAX);
	if (rc == 0)
		rc = read_devices(r);
	if (rc == 0)
		rc = tree_whole(t, y->which, 1, ALIKE_MAX, &m->which);
	if (rc == 0 && y->socket)
		rc = mapping_text(t, y->socket, y->socket->text, m->socket,
			MAPPING_NAME_MAX);
	if (rc == 0)
		rc = tree_word(t, y->port, ports, &port);
	if (rc == 0)
		rc = tree_whole(t, y->bank, 1, STRIPS_MAX, &m->bank);
	if (rc == 0)
		rc = read_channel(r);
	if (rc == 0)
		rc = tree_word(t, y->takeover, mapping_takeovers, &takeover);
	m->port = (enum mapping_port)port;
	r->takeover = (enum mapping_takeover)takeover;
	return rc;
}

static int
read_all(struct mapping_reading *r)
{
	int rc = keys_check(r->tree, mapping_top_table);

	if (rc < 0)
		return rc;
	if (r->tree->nodes == 0)
		return tree_refuse(r->tree, NULL, "says nothing");
	keys_find(r->tree->node, mapping_top_table, &r->top, sizeof(r->top));
	rc = read_top(r);
	if (rc == 0)
		rc = mapping_starts(r);
	if (rc == 0)
		rc = mapping_layers(r);
	return rc < 0 ? rc : mapping_controls(r);
}

/* No more memory than it has controls. */
static void
trim(struct mapping *m)
{
	struct mapping_control *less = NULL;

	if (m->controls > 0)
		less = realloc(m->control, m->controls * sizeof(*m->control));
	if (less)
		m->control = less;
}

/* The parameters of a model without a configuration, with every strip. */
static int
read_alone(struct mapping_reading *r)
{
	struct model_config config;
	struct model *model = NULL;
	void *memory = calloc(1, model_memory_bytes());
	int rc = -ENOMEM;

	model_config_init(&config);
	config.strips = STRIPS_MAX;
	if (memory)
		rc = model_new(&model, &config, memory);
	if (rc == 0) {
		r->params = model_params(model);
		rc = read_all(r);
		model_free(model);
	}
	free(memory);
	return rc;
}

/* One way of looking up the targets. */
static int
read_tree(struct mapping **out, const struct tree *tree,
	const struct params *params)
{
	struct mapping *m = calloc(1, sizeof(*m));
	struct mapping_reading r = {.tree = tree, .params = params, .to = m};
	size_t length = strlen(tree->file);
	int rc = -ENOMEM;

	if (m)
		m->control = calloc(MAPPING_CONTROLS_MAX, sizeof(*m->control));
	if (m && length >= sizeof(m->path))
		rc = -ENAMETOOLONG;
	else if (m && m->control) {
		memcpy(m->path, tree->file, length + 1);
		rc = params ? read_all(&r) : read_alone(&r);
	}
	if (rc == 0) {
		trim(m);
		*out = m;
		return 0;
	}
	if (!tree->why[0])
		snprintf(tree->why, MAPPING_WHY_MAX, "%.250s: %s", tree->file,
			strerror(-rc));
	mapping_free(m);
	return rc;
}

int
mapping_parse(struct mapping **out, const void *text, size_t size_bytes,
	const char *path, const struct params *params, char *why)
{
	char other[MAPPING_WHY_MAX] = "";
	struct tree t;
	int rc;

	why[0] = '\0';
	*out = NULL;
	rc = tree_read(&t, path, text, size_bytes, why);

	if (rc < 0)
		return rc;
	rc = read_tree(out, &t, params);
	/* A mapping for everyone speaks of the buses and routes of a model
	 * without a configuration. */
	if (rc == -EINVAL && params) {
		t.why = other;
		if (read_tree(out, &t, NULL) == 0) {
			why[0] = '\0';
			rc = 0;
		}
	}
	tree_done(&t);
	return rc;
}

int
mapping_load(struct mapping **out, const char *path,
	const struct params *params, char *why)
{
	char *text;
	size_t size_bytes;
	int rc = file_read(&text, &size_bytes, path, MAPPING_BYTES_MAX, why,
		MAPPING_WHY_MAX);

	*out = NULL;
	if (rc == 0)
		rc = mapping_parse(out, text, size_bytes, path, params, why);
	free(text);
	return rc;
}

void
mapping_free(struct mapping *m)
{
	if (m)
		free(m->control);
	free(m);
}
