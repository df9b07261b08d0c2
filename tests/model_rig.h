/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For tests: a model with 4 strips and a driver that is only asked. */
#ifndef MODEL_RIG_H
#define MODEL_RIG_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/model/model.h"
#include "control/model/param.h"

#define TAPS_MAX 64

struct rig {
	struct model_config config;
	void *memory;
	struct model *model;
	struct params *p;
	uint32_t next_id;
	int taps; /* what the model asked for, in order */
	struct {
		uint32_t id;
		int strip;
		enum tap_mode mode;
		uint32_t pair;
	} tap[TAPS_MAX];
};

static inline int
on_tap(void *data, uint32_t app_id, int strip, enum tap_mode mode,
	uint32_t pair)
{
	struct rig *r = data;

	assert_true(r->taps < TAPS_MAX);
	r->tap[r->taps].id = app_id;
	r->tap[r->taps].strip = strip;
	r->tap[r->taps].pair = pair;
	r->tap[r->taps++].mode = mode;
	return 0;
}

static inline void
rig_start(struct rig *r)
{
	assert_int_equal(model_new(&r->model, &r->config, r->memory), 0);
	r->p = model_params(r->model);
	r->taps = 0;
	model_set_tap(r->model, on_tap, r);
}

/* The process is killed: nothing is put in order, and another one goes on. */
static inline void
rig_crash(struct rig *r)
{
	void *left = malloc(model_memory_bytes());

	memcpy(left, r->memory, model_memory_bytes());
	model_free(r->model);
	memcpy(r->memory, left, model_memory_bytes());
	free(left);
	rig_start(r);
}

static inline int
set_up(void **state)
{
	struct rig *r = calloc(1, sizeof(*r));

	model_config_init(&r->config);
	r->config.strips = 4;
	r->memory = calloc(1, model_memory_bytes());
	rig_start(r);
	*state = r;
	return 0;
}

static inline int
tear_down(void **state)
{
	struct rig *r = *state;

	model_free(r->model);
	free(r->memory);
	free(r);
	return 0;
}

static inline void
rig_configure(struct rig *r)
{
	model_free(r->model);
	memset(r->memory, 0, model_memory_bytes());
	rig_start(r);
}

static inline struct app
app_of(uint32_t id, const char *key, const char *name)
{
	struct app app = {.id = id,
		.streams = 1,
		.strip = -1,
		.tap = TAP_TAKE,
		.tappable = true};

	snprintf(app.key, sizeof(app.key), "%s", key);
	snprintf(app.name, sizeof(app.name), "%s", name);
	return app;
}

/* An app comes; its number. */
static inline uint32_t
comes(struct rig *r, const char *key, const char *name)
{
	struct app app = app_of(++r->next_id, key, name);

	model_app(r->model, &app);
	return app.id;
}

static inline int
strip_of(struct rig *r, uint32_t id)
{
	struct model_app_view views[128];
	uint32_t n = model_apps(r->model, views, 128);

	for (uint32_t i = 0; i < n; i++) {
		if (views[i].app.id == id)
			return views[i].app.strip;
	}
	return -2;
}

static inline void
set(struct rig *r, const char *address, const char *text, double number)
{
	struct param_value v = {.type = PARAM_FLOAT, .f = number};
	struct param_change change;
	char why[PARAM_WHY_MAX];
	int id = param_find(r->p, address);

	assert_true(id >= 0);
	change.id = (uint32_t)id;
	if (text) {
		memset(&v, 0, sizeof(v));
		v.type = PARAM_TEXT;
		snprintf(v.s, sizeof(v.s), "%s", text);
	}
	assert_int_equal(
		param_check(r->p, change.id, &v, &change.value, why), 0);
	param_apply(r->p, &change, 1, 0, PARAM_SOURCE_NONE);
}

static inline struct param_value
get(struct rig *r, const char *address)
{
	struct param_value v;
	int id = param_find(r->p, address);

	assert_true(id >= 0);
	param_get(r->p, (uint32_t)id, &v);
	return v;
}

static inline void
assert_gain(struct rig *r, const char *address, float want)
{
	assert_true((float)get(r, address).f == want);
}

static inline void
assert_text(struct rig *r, const char *address, const char *want)
{
	assert_string_equal(get(r, address).s, want);
}

#endif
