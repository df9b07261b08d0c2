/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a program says of itself, and what it is called for it. */
#ifndef IDENTITY_RIG_H
#define IDENTITY_RIG_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <spa/utils/dict.h>

#include "driver/program/desktop_file.h"
#include "driver/pipewire/graph/identity.h"

#define ITEM(k, v)  SPA_DICT_ITEM_INIT(k, v)
#define DICT(items) SPA_DICT_INIT(items, sizeof(items) / sizeof((items)[0]))

/* What a program says of itself; NULL: nothing */
struct said {
	const char *portal, *id, *binary;
	const char *app;      /* the client's */
	const char *node_app; /* the stream's, where it is another one */
	const char *node;
	const char *key, *name; /* that are wanted */
};

static inline void
identity_of(const struct said *s, const struct desktop_files *files,
	char key[APP_KEY_MAX], char name[APP_NAME_MAX])
{
	const struct spa_dict_item c[] = {
		ITEM("pipewire.access.portal.app_id", s->portal),
		ITEM("application.id", s->id),
		ITEM("application.process.binary", s->binary),
		ITEM("application.name", s->app)};
	const struct spa_dict_item n[] = {ITEM("application.name", s->node_app),
		ITEM("node.name", s->node)};
	const struct spa_dict client = DICT(c), node = DICT(n);
	const struct identity_from from = {&client, &node, NULL, files};

	identity_read(&from, key, name);
}

static inline void
check_all(const struct said *said, size_t n, const struct desktop_files *files)
{
	for (size_t i = 0; i < n; i++) {
		const struct said *s = &said[i];
		char key[APP_KEY_MAX], name[APP_NAME_MAX];

		identity_of(s, files, key, name);
		if (strcmp(key, s->key) != 0 || strcmp(name, s->name) != 0)
			fail_msg("%s/%s/%s: key '%s' name '%s', want '%s' '%s'",
				s->portal ? s->portal : "-",
				s->binary ? s->binary : "-",
				s->app ? s->app : "-", key, name, s->key,
				s->name);
	}
}

#define CHECK_ALL(said, files)                                                 \
	check_all(said, sizeof(said) / sizeof((said)[0]), files)

#endif
