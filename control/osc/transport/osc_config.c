/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/osc/transport/osc_config.h"

#include <errno.h>
#include <string.h>

#include "control/osc/transport/osc_names.h"
#include "control/osc/transport/osc_net.h"
#include "control/util/check.h"

void
osc_config_init(struct osc_config *config)
{
	memset(config, 0, sizeof(*config));
	strcpy(config->bind, OSC_BIND_USUAL);
	config->port = 9000;
	config->patience = (struct osc_patience){10000, 60000, 30000};
}

int
osc_config_bind(struct osc_config *config, const char *text, char *why)
{
	struct osc_peer ignored;

	if (osc_peer_parse(text, 0, &ignored) < 0)
		return check_refuse(
			why, "must be a numeric address, like 192.168.1.20");
	return check_text_copy(config->bind, sizeof(config->bind), text, why);
}

int
osc_config_port(struct osc_config *config, const char *text, char *why)
{
	uint32_t port;

	if (check_whole(text, 0, UINT16_MAX, &port, why) < 0)
		return -EINVAL;
	config->port = (uint16_t)port;
	return 0;
}

/* One more of a list that holds those that *count counts. */
static int
add(char list[][64], uint32_t *count, const char *text, const char *things,
	char *why)
{
	int rc = check_room(*count, OSC_PEERS_MAX, things, why);

	if (rc == 0)
		rc = check_text_copy(
			list[*count], sizeof(list[*count]), text, why);
	if (rc == 0)
		++*count;
	return rc;
}

int
osc_config_peer(struct osc_config *config, const char *text, char *why)
{
	struct osc_net ignored;

	if (strlen(text) >= OSC_NAME_MAX ||
		(osc_net_parse(text, &ignored) < 0 && !osc_name_is(text)))
		return check_refuse(why,
			"must be a numeric address, a subnet or a name, like "
			"192.168.1.20, 192.168.1.0/24 or tablet.local");
	return add(config->peer, &config->peers, text, "peers", why);
}

int
osc_config_push(struct osc_config *config, const char *text, char *why)
{
	char ignored[OSC_NAME_MAX];
	uint16_t port;

	if (strlen(text) >= OSC_NAME_MAX ||
		osc_name_split(text, ignored, &port) < 0)
		return check_refuse(why,
			"must be HOST:PORT, like 192.168.1.20:9001 or "
			"tablet.local:9001");
	return add(config->push, &config->pushes, text, "pushes", why);
}

/* ---- the whole ---- */

typedef int (*config_text)(
	struct osc_config *config, const char *text, char *why);

static int
check_one(struct osc_config *again, config_text set, const char *what,
	const char text[64], char *why)
{
	char part[CHECK_WHY_MAX];

	if (!memchr(text, '\0', 64))
		return check_refuse(why, "%s has no end", what);
	if (set(again, text, part) < 0)
		return check_refuse(why, "%s \"%s\" %s", what, text, part);
	return 0;
}

int
osc_config_check(const struct osc_config *config, char *why)
{
	struct osc_config again = {.peers = 0};
	int rc = check_one(
		&again, osc_config_bind, "osc bind", config->bind, why);

	if (config->peers > OSC_PEERS_MAX || config->pushes > OSC_PEERS_MAX)
		return check_refuse(
			why, "more than %d osc peers", OSC_PEERS_MAX);
	for (uint32_t i = 0; rc == 0 && i < config->peers; i++)
		rc = check_one(&again, osc_config_peer, "osc peer",
			config->peer[i], why);
	for (uint32_t i = 0; rc == 0 && i < config->pushes; i++)
		rc = check_one(&again, osc_config_push, "osc push",
			config->push[i], why);
	return rc;
}
