/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For tests: the parameters of a model with 16 strips and no mixer. */
#ifndef PARAM_RIG_H
#define PARAM_RIG_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "control/model/model.h"
#include "control/model/param.h"

struct rig {
	void *memory;
	struct model *model;
	struct params *p;
	char why[PARAM_WHY_MAX];
	int heard;
	uint32_t heard_id[32];
	uint32_t heard_source[32];
};

static inline int
set_up(void **state)
{
	struct rig *r = calloc(1, sizeof(*r));
	struct model_config config;

	model_config_init(&config);
	r->memory = calloc(1, model_memory_bytes());
	if (model_new(&r->model, &config, r->memory) < 0)
		return -1;
	r->p = model_params(r->model);
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

static inline struct param_value
number(double f)
{
	return (struct param_value){.type = PARAM_FLOAT, .f = f};
}

static inline struct param_value
whole(int64_t i)
{
	return (struct param_value){.type = PARAM_INT, .i = i};
}

static inline struct param_value
text(const char *s)
{
	struct param_value v = {.type = PARAM_TEXT};

	/* A text that is too long leaves no room for its NUL. */
	memcpy(v.s, s, strnlen(s, sizeof(v.s)));
	return v;
}

static inline uint32_t
find(struct rig *r, const char *address)
{
	int id = param_find(r->p, address);

	assert_true(id >= 0);
	return (uint32_t)id;
}

static inline int
set(struct rig *r, const char *address, struct param_value v)
{
	struct param_change change = {.id = find(r, address)};
	int rc = param_check(r->p, change.id, &v, &change.value, r->why);

	if (rc == 0)
		param_apply(r->p, &change, 1, 0, 77);
	return rc;
}

static inline struct param_value
get(struct rig *r, const char *address)
{
	struct param_value v;

	param_get(r->p, find(r, address), &v);
	return v;
}

static inline void
assert_number(struct rig *r, const char *address, float want)
{
	struct param_value v = get(r, address);

	assert_int_equal(v.type, PARAM_FLOAT);
	assert_true((float)v.f == want);
}

static inline void
assert_whole(struct rig *r, const char *address, int want)
{
	struct param_value v = get(r, address);

	assert_int_equal(v.type, PARAM_INT);
	assert_int_equal(v.i, want);
}

static inline void
assert_text(struct rig *r, const char *address, const char *want)
{
	struct param_value v = get(r, address);

	assert_int_equal(v.type, PARAM_TEXT);
	assert_string_equal(v.s, want);
}

#endif
