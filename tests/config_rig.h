/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For tests: a configuration, and a file in a folder of its own. */
#ifndef CONFIG_RIG_H
#define CONFIG_RIG_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "control/config/config.h"

struct rig {
	char directory[64];
	char file[96];
	struct engine_config config;
	char why[CONFIG_WHY_MAX];
};

static inline int
set_up(void **state)
{
	struct rig *r = calloc(1, sizeof(*r));

	strcpy(r->directory, "/tmp/tapdeck-config.XXXXXX");
	if (!mkdtemp(r->directory))
		return -1;
	snprintf(r->file, sizeof(r->file), "%s/tapdeck.yaml", r->directory);
	engine_config_init(&r->config);
	*state = r;
	return 0;
}

static inline int
tear_down(void **state)
{
	struct rig *r = *state;

	unlink(r->file);
	rmdir(r->directory);
	free(r);
	return 0;
}

static inline int
load_bytes(struct rig *r, const void *text, size_t size_bytes)
{
	FILE *f = fopen(r->file, "w");

	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, size_bytes, f), size_bytes);
	assert_int_equal(fclose(f), 0);
	return config_load(&r->config, r->file, r->why);
}

static inline int
load(struct rig *r, const char *text)
{
	return load_bytes(r, text, strlen(text));
}

/* Into a configuration of which nothing was said before. */
static inline void
assert_loads(struct rig *r, const char *text)
{
	engine_config_init(&r->config);
	if (load(r, text) < 0)
		fail_msg("%s", r->why);
}

/* Refused with these words behind the file's name, and nothing changed. */
static inline void
assert_refused(struct rig *r, const char *text, const char *want)
{
	struct engine_config before = r->config;
	char line[CONFIG_WHY_MAX];

	assert_int_equal(load(r, text), -EINVAL);
	snprintf(line, sizeof(line), "%s:%s", r->file, want);
	assert_string_equal(r->why, line);
	assert_memory_equal(&r->config, &before, sizeof(before));
}

struct refusal {
	const char *text, *says;
};

static inline void
assert_all_refused(struct rig *r, const struct refusal *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		assert_refused(r, list[i].text, list[i].says);
}

#endif
