/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where what was kept belongs when the configuration is another one. */
#include <string.h>

#include "control/model/keep/keep.h"
#include "control/model/model_state.h"
#include "control/model/place.h"
#include "core/hash.h"

static uint32_t
hash_text(uint32_t hash, const char *text)
{
	return hash_bytes(hash, text, strlen(text) + 1);
}

static uint32_t
hash_rule(uint32_t hash, const struct model_rule *rule)
{
	for (uint32_t i = 0; i < rule->conditions; i++) {
		hash = hash_text(hash, rule->condition[i].property);
		hash = hash_text(hash, rule->condition[i].pattern);
	}
	hash = hash_text(hash, rule->split);
	return hash_bytes(hash, &rule->strip, sizeof(rule->strip));
}

uint32_t
keep_configuration(const struct model *c)
{
	const struct model_config *config = &c->config;
	uint32_t hash = HASH_START;

	hash = hash_bytes(hash, &config->strips, sizeof(config->strips));
	for (uint32_t i = 0; i < config->strips; i++)
		hash = hash_text(hash, config->strip_name[i]);
	for (uint32_t i = 0; i < config->rules; i++)
		hash = hash_rule(hash, &config->rule[i]);
	return hash;
}

struct seats {
	const struct model *model;
	const struct keep_who *who;
	uint32_t n;
	int *strip;
	bool taken[STRIPS_MAX];
};

static void
put(struct seats *p, uint32_t i, int strip)
{
	if (p->strip[i] >= 0 || strip < 0 || p->taken[strip])
		return;
	p->strip[i] = strip;
	p->taken[strip] = true;
}

static int
configured(const struct seats *p, const struct keep_who *who)
{
	for (uint32_t s = 0; s < p->model->config.strips; s++)
		if (who->configured[0] &&
			!strcmp(p->model->config.strip_name[s],
				who->configured))
			return (int)s;
	return -1;
}

static int
ruled(const struct seats *p, const struct keep_who *who)
{
	return who->key[0] ? place_ruled(p->model, who->key, who->name) : -1;
}

/* Unless a rule keeps it for another app. */
static int
same(const struct seats *p, const struct keep_who *who)
{
	if (who->strip >= p->model->config.strips ||
		(who->key[0] && place_is_ruled(p->model, who->strip)))
		return -1;
	return (int)who->strip;
}

static int
any(const struct seats *p, const struct keep_who *who)
{
	if (!who->key[0] && !who->name[0])
		return -1;
	for (uint32_t s = 0; s < p->model->config.strips; s++)
		if (!p->taken[s] && !place_is_ruled(p->model, s))
			return (int)s;
	return -1;
}

void
keep_place(const struct model *c, const struct keep_who *who, uint32_t n,
	int *strip)
{
	static int (*const ways[])(const struct seats *p,
		const struct keep_who *who) = {configured, ruled, same, any};
	struct seats p = {.model = c, .who = who, .n = n, .strip = strip};

	for (uint32_t i = 0; i < n; i++)
		strip[i] = -1;
	for (size_t way = 0; way < sizeof(ways) / sizeof(ways[0]); way++)
		for (uint32_t i = 0; i < n; i++)
			put(&p, i, ways[way](&p, &who[i]));
}
