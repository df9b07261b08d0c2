/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A graph without PipeWire: objects are put in by hand. */
#ifndef GRAPH_RIG_H
#define GRAPH_RIG_H

#include <stdio.h>

#include "driver/pipewire/graph/graph.h"

static inline struct graph_object *
rig_add(struct graph *g, enum graph_type type, uint32_t id,
	struct pw_properties *props)
{
	struct graph_object *o;

	pw_properties_setf(props, PW_KEY_OBJECT_SERIAL, "%u", id + 1000);
	o = graph_add(g, type, id, &props->dict);
	o->known = true;
	pw_properties_free(props);
	return o;
}

static inline struct graph_object *
rig_node(struct graph *g, uint32_t id, const char *name, const char *class)
{
	return rig_add(g, GRAPH_NODE, id,
		pw_properties_new(PW_KEY_NODE_NAME, name, PW_KEY_MEDIA_CLASS,
			class, NULL));
}

static inline struct graph_object *
rig_stream(struct graph *g, uint32_t id, const char *name)
{
	return rig_add(g, GRAPH_NODE, id,
		pw_properties_new(PW_KEY_NODE_NAME, name, PW_KEY_MEDIA_CLASS,
			"Stream/Output/Audio", PW_KEY_NODE_AUTOCONNECT, "true",
			NULL));
}

static inline struct graph_object *
rig_port(struct graph *g, uint32_t id, uint32_t node_id, bool output,
	uint32_t number, const char *name)
{
	struct pw_properties *p = pw_properties_new(PW_KEY_PORT_NAME, name,
		PW_KEY_PORT_DIRECTION, output ? "out" : "in", PW_KEY_FORMAT_DSP,
		"32 bit float mono audio", PW_KEY_AUDIO_CHANNEL,
		number % 2 ? "FR" : "FL", NULL);

	pw_properties_setf(p, PW_KEY_NODE_ID, "%u", node_id);
	pw_properties_setf(p, PW_KEY_PORT_ID, "%u", number);
	return rig_add(g, GRAPH_PORT, id, p);
}

static inline struct graph_object *
rig_link(struct graph *g, uint32_t id, uint32_t out_node, uint32_t out_port,
	uint32_t in_node, uint32_t in_port)
{
	struct pw_properties *p = pw_properties_new(NULL, NULL);

	pw_properties_setf(p, PW_KEY_LINK_OUTPUT_NODE, "%u", out_node);
	pw_properties_setf(p, PW_KEY_LINK_OUTPUT_PORT, "%u", out_port);
	pw_properties_setf(p, PW_KEY_LINK_INPUT_NODE, "%u", in_node);
	pw_properties_setf(p, PW_KEY_LINK_INPUT_PORT, "%u", in_port);
	return rig_add(g, GRAPH_LINK, id, p);
}

#endif
