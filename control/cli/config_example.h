/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A tapdeck.yaml to begin with: the programs that play, and the rest of what
 * can be said as comments. Control thread only. */
#ifndef CONFIG_EXAMPLE_H
#define CONFIG_EXAMPLE_H

#include <stddef.h>
#include <stdint.h>

#include "driver/driver.h"

struct client;

/* A program that plays. */
struct config_example_app {
	uint32_t strip; /* from 1; 0: on none */
	char name[APP_NAME_MAX];
	char key[APP_KEY_MAX];
};

/* 0 and *text[*size_bytes] is the caller's to free(), or -ENOMEM. The apps are
 * in order of their strips. */
int config_example(char **text, size_t *size_bytes,
	const struct config_example_app *app, uint32_t apps);

/* The same of what the running tapdeck tells; or what client_fence() gives. */
int config_example_ask(char **text, size_t *size_bytes, struct client *c);

#endif
