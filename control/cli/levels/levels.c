/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/cli/levels/levels.h"

#include <errno.h>
#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "control/util/loop.h"

#define METERS	 "/meters/"
#define LOUDNESS "/loudness"
#define HOLD_NS	 UINT64_C(500000000)
#define SHORT_NS UINT64_C(4000000000)
#define FIRST_NS UINT64_C(2000000000)
#define LOOK_MS	 20

static bool
begins(const char *text, const char *with)
{
	return !strncmp(text, with, strlen(with));
}

bool
levels_has(const char *address)
{
	return begins(address, METERS) || begins(address, LOUDNESS);
}

static struct level *
level_of(struct levels *l, const char *address)
{
	uint32_t i = 0;

	while (i < l->count && strcmp(l->level[i].address, address) != 0)
		i++;
	if (i == LEVELS_MAX)
		return NULL;
	if (i == l->count) {
		l->count++;
		snprintf(l->level[i].address, sizeof(l->level[i].address), "%s",
			address);
	}
	return &l->level[i];
}

static void
level_put(struct level *to, const struct client_message *m)
{
	FILE *json = fmemopen(to->json, sizeof(to->json), "w");
	size_t used = 0;

	to->known = !isnan(client_number(m, 0));
	for (int i = 0; i < m->count && used < sizeof(to->text); i++) {
		char text[32];

		client_text(m, i, text, sizeof(text));
		used += (size_t)snprintf(to->text + used,
			sizeof(to->text) - used, "%s%s", i ? " " : "", text);
		if (!json)
			continue;
		fputs(i ? ", " : m->count > 1 ? "[" : "", json);
		client_json(m, i, json);
	}
	if (json && m->count > 1)
		fputc(']', json);
	if (json)
		fclose(json);
}

static void
level_take(void *data, const struct client_message *m)
{
	struct levels *l = data;
	struct level *to;

	if (!strcmp(m->address, "/error")) {
		l->refusals++;
		l->refused(l->data, m);
	}
	if (m->count < 1 || !levels_has(m->address))
		return;
	to = level_of(l, m->address);
	if (to)
		level_put(to, m);
}

/* How long their last ones are waited for. */
static uint64_t
wait_ns(const char *address)
{
	if (begins(address, LOUDNESS))
		return SHORT_NS;
	return begins(address, METERS "hold") || begins(address, METERS "rms")
		       ? HOLD_NS
		       : 0;
}

/* Nothing more is to be waited for. */
static bool
is_done(const struct levels *l, const char *address, uint64_t waited_ns)
{
	uint32_t known = 0;

	for (uint32_t i = 0; i < l->count; i++)
		known += l->level[i].known;
	if (begins(address, LOUDNESS "/") && known > 0 && known == l->count)
		return true;
	return l->refusals > 0 ||
	       waited_ns >= (l->count > 0 ? wait_ns(address) : FIRST_NS);
}

int
levels_ask(struct levels *l, struct client *c, const char *address)
{
	uint64_t start_ns = loop_now_ns(), now_ns = start_ns;
	int rc = client_send(c, address, "");

	l->count = l->refusals = 0;
	while (rc == 0 && !is_done(l, address, now_ns - start_ns)) {
		struct pollfd fd = {.fd = client_fd(c), .events = POLLIN};

		if (poll(&fd, 1, LOOK_MS) < 0 && errno != EINTR)
			return -errno;
		rc = client_receive(c, level_take, l);
		now_ns = loop_now_ns();
	}
	return rc;
}
