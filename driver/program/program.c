/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driver/program/program.h"

#include <stddef.h>
#include <string.h>

#include <pipewire/keys.h>

#define MACHINE_ID "application.process.machine-id"

const char *
program_word(const struct spa_dict *client, const struct spa_dict *node,
	const char *key)
{
	const char *value = node ? spa_dict_lookup(node, key) : NULL;

	if ((!value || !value[0]) && client)
		value = spa_dict_lookup(client, key);
	return value && value[0] ? value : NULL;
}

static bool
equal(const char *a, const char *b)
{
	return a && b && !strcmp(a, b);
}

/* What one of them does not say is no difference. */
static bool
differ(const char *a, const char *b)
{
	return a && b && strcmp(a, b) != 0;
}

static bool
carries_modules(const char *binary)
{
	static const char *const names[] = {
		"pipewire", "pipewire-pulse", "pw-loopback", "wireplumber"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (equal(binary, names[i]))
			return true;
	return false;
}

void
program_read(struct program *p, const struct spa_dict *client,
	const struct spa_dict *node)
{
	const char *api = program_word(node, client, PW_KEY_CLIENT_API);
	const char *class = program_word(NULL, node, PW_KEY_MEDIA_CLASS);
	const char *app = program_word(NULL, client, PW_KEY_APP_NAME);
	bool pulse = equal(api, "pipewire-pulse");

	/* A client's own object says it before its nodes do. */
	*p = (struct program){
		.stream = class && !strncmp(class, "Stream/", 7),
		.jack = equal(api, "jack") && !class,
		.client = program_word(NULL, node, PW_KEY_CLIENT_ID),
		.pid = pulse ? NULL
			     : program_word(client, NULL, PW_KEY_SEC_PID),
		.said = program_word(node, client, PW_KEY_APP_PROCESS_ID),
		.portal = program_word(node, client, PROGRAM_PORTAL_APP_ID),
		.binary = program_word(node, client, PW_KEY_APP_PROCESS_BINARY),
		.host = program_word(node, client, PW_KEY_APP_PROCESS_HOST),
		.machine = program_word(node, client, MACHINE_ID),
	};
	p->modules = carries_modules(p->binary ? p->binary : app);
}

static bool
say_the_same(const struct program *a, const struct program *b)
{
	bool sandboxed = a->portal || b->portal;

	if (sandboxed && !equal(a->portal, b->portal))
		return false;
	return equal(a->said, b->said) && !differ(a->binary, b->binary) &&
	       !differ(a->host, b->host) && !differ(a->machine, b->machine);
}

bool
program_same(const struct program *a, const struct program *b)
{
	if (a->modules || b->modules)
		return false;
	if (equal(a->client, b->client))
		return true;
	/* JACK clients are boxes of a rack: their cables are links, also where
	 * one process makes several. */
	if (a->jack && b->jack)
		return false;
	return a->pid && b->pid ? equal(a->pid, b->pid) : say_the_same(a, b);
}
