/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driver/pipewire/node/latency.h"

#include <pipewire/filter.h>
#include <spa/pod/builder.h>

#include "driver/pipewire/node/node.h"

static void
combine(struct spa_latency_info *info, void *const ports[], uint32_t n,
	uint32_t late)
{
	const struct spa_process_latency_info process = {.rate = late};

	for (uint32_t i = 0; i < n; i++) {
		const struct latency_port *port = ports[i];
		struct spa_latency_info through = port->heard;

		through.direction = info->direction;
		spa_process_latency_info_add(&process, &through);
		spa_latency_info_combine(info, &through);
	}
}

static void
tell(struct node *node, void *const ports[], uint32_t n,
	const struct spa_latency_info *info)
{
	uint8_t memory[512];

	for (uint32_t i = 0; i < n; i++) {
		struct spa_pod_builder b =
			SPA_POD_BUILDER_INIT(memory, sizeof(memory));
		const struct spa_pod *param =
			spa_latency_build(&b, SPA_PARAM_Latency, info);

		pw_filter_update_params(node->filter, ports[i], &param, 1);
	}
}

/* What was late when it came in, and by its own limiter. */
static void
outputs_tell(struct node *node, uint32_t buses)
{
	struct cycle *c = node->cycle;
	struct spa_latency_info in;

	spa_latency_info_combine_start(&in, SPA_DIRECTION_OUTPUT);
	for (uint32_t s = 0; s < c->strips; s++)
		combine(&in, c->in[s], 2, 0);
	for (uint32_t w = 0; w < WIDES; w++)
		combine(&in, c->wide[w], CHANNELS_MAX, 0);
	spa_latency_info_combine_finish(&in);
	for (uint32_t b = 0; b < c->buses; b++) {
		struct spa_process_latency_info process = {
			.rate = node->latency.told[b]};
		struct spa_latency_info out = in;

		spa_process_latency_info_add(&process, &out);
		if (buses >> b & 1)
			tell(node, c->out[b], 2, &out);
	}
}

/* A strip may go into any bus. */
static void
inputs_tell(struct node *node)
{
	struct cycle *c = node->cycle;
	struct spa_latency_info out;

	spa_latency_info_combine_start(&out, SPA_DIRECTION_INPUT);
	for (uint32_t b = 0; b < c->buses; b++)
		combine(&out, c->out[b], 2, node->latency.told[b]);
	spa_latency_info_combine_finish(&out);
	for (uint32_t s = 0; s < c->strips; s++)
		tell(node, c->in[s], 2, &out);
	for (uint32_t w = 0; w < WIDES; w++)
		tell(node, c->wide[w], CHANNELS_MAX, &out);
}

void
latency_heard(struct node *node, struct latency_port *port,
	const struct spa_pod *param)
{
	struct spa_latency_info heard = {0};

	if (!port || !param || spa_latency_parse(param, &heard) < 0)
		return;
	if (heard.direction == port->heard.direction &&
		spa_latency_info_compare(&heard, &port->heard) == 0)
		return;
	port->heard = heard;
	if (!node->latency.said)
		return;
	if (heard.direction == SPA_DIRECTION_OUTPUT)
		outputs_tell(node, UINT32_MAX);
	else
		inputs_tell(node);
}

void
latency_watch(struct node *node)
{
	uint32_t changed = 0;

	for (uint32_t b = 0; b < node->cycle->buses; b++) {
		uint32_t late = mixer_bus_delay(node->mixer, b);

		changed |= (uint32_t)(late != node->latency.told[b]) << b;
		node->latency.told[b] = late;
	}
	if (changed == 0)
		return;
	if (!node->latency.said)
		changed = UINT32_MAX;
	node->latency.said = true;
	outputs_tell(node, changed);
	inputs_tell(node);
}
