/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a model is made of: strips, buses, routes, rules. Options, the
 * configuration file and `tapdeck render` all add to it here, so that what one
 * of them allows is what the others allow. Pure functions. */
#ifndef MODEL_CONFIG_H
#define MODEL_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

#include "control/model/param.h"
#include "control/model/rules/rule.h"
#include "core/limits.h"
#include "driver/driver.h"

#define ROUTES_MAX	16
#define STRIPS_AT_FIRST 16

struct model_route {
	char name[BUS_NAME_MAX];
	uint32_t mask; /* bit b is bus b */
};

/* Where tempo comes from. */
enum tempo_source {
	TEMPO_AUTO, /* MIDI while there is some, else our own */
	TEMPO_MIDI,
	TEMPO_OWN, /* as it is set, sent or tapped */
	TEMPO_OFF,
	TEMPO_SOURCES
};

extern const char *const tempo_source_words[]; /* ends in NULL */

#define TEMPO_MIN_BPM	    20.0
#define TEMPO_MAX_BPM	    400.0
#define TEMPO_OFFSET_MAX_MS 500.0

/* What holds at the start. */
struct model_tempo {
	double bpm; /* 0: not said, and our own clock stands until it is */
	double offset_ms;
	enum tempo_source source;
	char device[64]; /* pattern of the MIDI device whose clock is heard; ""
			  * any that is open */
	bool clock_out;
	enum param_when quantise; /* PARAM_AS_SET: not said, off */
};

/* Of the choices of /quantise. */
static inline uint32_t
model_tempo_quantise(const struct model_tempo *t)
{
	return t->quantise == PARAM_AS_SET ? 0 : t->quantise - PARAM_AT_ONCE;
}

struct model_config {
	uint32_t strips;
	uint32_t buses;
	char bus_name[BUSES_MAX][BUS_NAME_MAX];
	char strip_name[STRIPS_MAX][PARAM_TEXT_MAX]; /* or "" */
	uint32_t routes;
	struct model_route route[ROUTES_MAX]; /* [0] is the default */
	uint32_t rules;
	struct model_rule rule[RULES_MAX];
	bool unlisted_ignore; /* what no rule names is on no strip */
	enum tap_mode tap;    /* of a new app's strip */
	double eq_hz[2];      /* crossovers of every strip, lower and upper */
	bool cue_split;	      /* at first: the headphones have main's output */
	struct model_tempo tempo;
};

/* 16 strips, buses main and loop, routes both, main, loop, none; take. */
void model_config_init(struct model_config *config);

/* No buses, and no routes but those that buses to come will give. */
void model_config_no_buses(struct model_config *config);

/* Fills in the routes of the configured buses when none are given. */
void model_config_routes(struct model_config *config);

/* The index of a bus or a route, -1 if there is none of that name */
int model_config_bus_find(const struct model_config *config, const char *name);
int model_config_route_find(
	const struct model_config *config, const char *name);

/* All that follow give 0, or -EINVAL and why[CHECK_WHY_MAX], in the words of
 * check.h. Each of these adds one to the others: */
int model_config_bus(struct model_config *config, const char *name, char *why);
int model_config_route(struct model_config *config, const char *name,
	uint32_t mask, char *why);
int model_config_rule(
	struct model_config *config, const struct model_rule *rule, char *why);
/* One of key or name, for this strip */
int model_config_match(struct model_config *config, const char *match,
	uint32_t strip, uint32_t pair, char *why);

int model_config_unlisted(
	struct model_config *config, const char *text, char *why);

/* The crossovers: numbers, each as text or NULL; what is not given stays. */
int model_config_eq(struct model_config *config, const char *low,
	const char *high, char *why);

int model_config_strips(
	struct model_config *config, const char *text, char *why);
int model_config_tap(struct model_config *config, const char *text, char *why);
extern const char *const model_config_taps[]; /* its words; ends in NULL */

/* What a rule names, from 0; its pair, from 1. */
int model_config_strip(const struct model_config *config, const char *text,
	uint32_t *strip, char *why);
int model_config_pair(const char *text, uint32_t *pair, char *why);
/* The bus of this name into a route's mask. */
int model_config_send(const struct model_config *config, const char *bus,
	uint32_t *mask, char *why);

/* The whole: what was good when it was added may not fit what came later, as a
 * rule of the file the strips of an option. Without routes it is good, too. */
int model_config_check(const struct model_config *config, char *why);

/* The same for the same strips, buses and routes: values are kept only for
 * those that they were made under. What may change while it runs is not in
 * it. */
uint64_t model_config_hash(const struct model_config *config);

#endif
