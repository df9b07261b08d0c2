/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driver/pw_identity.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <pipewire/keys.h>

#define PORTAL_APP_ID "pipewire.access.portal.app_id"

static const char *
lookup(const struct spa_dict *client, const struct spa_dict *node,
	const char *key)
{
	const char *value = node ? spa_dict_lookup(node, key) : NULL;

	if ((!value || !value[0]) && client)
		value = spa_dict_lookup(client, key);
	return value && value[0] ? value : NULL;
}

/* A file name that says nothing of the program it runs. */
static bool
is_generic(const char *binary)
{
	static const char *const names[] = {"pw-cat", "python", "perl", "ruby",
		"java", "node", "electron", "mono", "wine", "gjs", "qemu"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strncmp(binary, names[i], strlen(names[i])))
			return true;
	return false;
}

/* pipewire-alsa says "PipeWire ALSA [aplay]", older ones "ALSA plug-in
 * [aplay]": the program is in the brackets. */
static void
copy_name(char name[APP_NAME_MAX], const char *from)
{
	const char *open = strrchr(from, '[');
	const char *close = open ? strchr(open, ']') : NULL;
	size_t len = strlen(from);

	if (strstr(from, "ALSA") && close && close > open + 1) {
		from = open + 1;
		len = (size_t)(close - from);
	}
	if (len >= APP_NAME_MAX)
		len = APP_NAME_MAX - 1;
	/* not in the middle of a UTF-8 character */
	while (len > 0 && from[len] &&
		((unsigned char)from[len] & 0xc0) == 0x80)
		len--;
	memcpy(name, from, len);
	name[len] = '\0';
}

void
identity_read(const struct spa_dict *client, const struct spa_dict *node,
	char key[APP_KEY_MAX], char name[APP_NAME_MAX])
{
	const char *portal = lookup(client, NULL, PORTAL_APP_ID);
	const char *id = lookup(client, node, PW_KEY_APP_ID);
	const char *binary = lookup(client, node, PW_KEY_APP_PROCESS_BINARY);
	const char *app = lookup(client, node, PW_KEY_APP_NAME);
	const char *own = lookup(NULL, node, PW_KEY_NODE_NAME);
	const char *k, *n;

	if (binary && is_generic(binary))
		binary = NULL;
	k = portal ? portal : id ? id : binary ? binary : app ? app : own;
	n = app ? app : binary ? binary : id ? id : portal ? portal : own;
	snprintf(key, APP_KEY_MAX, "%s", k ? k : "unknown");
	copy_name(name, n ? n : "unknown");
}
