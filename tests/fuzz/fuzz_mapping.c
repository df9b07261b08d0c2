/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a mapping file: refused with a place, or a mapping that keeps
 * its own limits. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "control/model/model.h"
#include "control/mapping/mapping.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define REQUIRE(truth)                                                         \
	do {                                                                   \
		if (!(truth))                                                  \
			abort();                                               \
	} while (0)

static const struct params *
params_once(void)
{
	static struct model *model;
	struct model_config config;

	if (!model) {
		model_config_init(&config);
		config.strips = STRIPS_MAX;
		REQUIRE(model_new(&model, &config,
				calloc(1, model_memory_bytes())) == 0);
	}
	return model_params(model);
}

static void
check_slots(const struct mapping_message *m)
{
	uint32_t fill = 0, least = 1;

	REQUIRE(m->slots <= MAPPING_SLOTS_MAX);
	for (uint32_t i = 0; i < m->slots; i++) {
		REQUIRE(m->slot[i].at >= least);
		REQUIRE(m->slot[i].at < m->sysex_bytes);
		least = m->slot[i].at + (m->slot[i].length ? 0u : 1u);
		fill += m->slot[i].length ? m->slot[i].length : 1;
	}
	REQUIRE(fill <= MAPPING_FILL_MAX);
}

static void
check_control(const struct mapping *m, const struct mapping_control *c)
{
	char address[PARAM_ADDRESS_MAX];
	struct curve curve;

	REQUIRE(c->layer < m->layers && c->to_layer < m->layers);
	REQUIRE(c->targets <= MAPPING_TARGETS_MAX);
	REQUIRE(c->points <= CURVE_POINTS_MAX);
	REQUIRE(c->light.colors <= MAPPING_COLORS_MAX);
	REQUIRE(c->light.message.sysex_bytes <= MAPPING_SYSEX_MAX);
	check_slots(&c->light.message);
	REQUIRE(!c->message.fine ||
		(c->message.low <= 127 && c->message.number <= 127));
	REQUIRE(c->step > 0.0 && c->acceleration >= 1.0);
	for (uint32_t t = 0; t < c->targets; t++) {
		REQUIRE(c->target[t].strip <= STRIPS_MAX);
		REQUIRE(mapping_address(&c->target[t], 0, address) == 0);
	}
	mapping_curve(c, &curve);
	for (int way = 0; way <= 4; way++) {
		double share = curve_share(&curve, way / 4.0);

		REQUIRE(share >= 0.0 && share <= 1.0);
		share = mapping_unshape(c, way / 4.0);
		REQUIRE(share >= 0.0 && share <= 1.0);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char why[MAPPING_WHY_MAX];
	struct mapping *m;
	int rc = mapping_parse(&m, data, size, "x", params_once(), why);

	REQUIRE((rc == 0) == (m != NULL));
	REQUIRE((rc == 0) == (why[0] == '\0'));
	REQUIRE(memchr(why, '\0', sizeof(why)));
	for (uint32_t i = 0; m && i < m->controls; i++)
		check_control(m, &m->control[i]);
	mapping_free(m);
	return 0;
}
