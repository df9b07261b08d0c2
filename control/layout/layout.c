/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/layout/layout.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/cli/client.h"
#include "control/model/model.h"
#include "control/util/name.h"

#define BANK 8 /* strips that most surfaces show at once */
#define ADDRESS_LETTERS                                                        \
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/-_."

static struct layout_param *
param_add(struct layout *l)
{
	struct layout_param *p;

	p = realloc(l->param, (l->params + 1) * sizeof(*p));
	if (!p)
		return NULL;
	l->param = p;
	p += l->params++;
	memset(p, 0, sizeof(*p));
	return p;
}

static int
param_from_table(struct layout *l, const struct params *params, uint32_t id)
{
	struct layout_param *p = param_add(l);
	struct param_info info;

	if (!p)
		return -ENOMEM;
	param_info(params, id, &info);
	name_copy(p->address, sizeof(p->address), info.address);
	p->type = info.type;
	p->min = info.min;
	p->max = info.max;
	if (info.type == PARAM_FLOAT)
		p->initial = info.initial.f;
	else if (info.type == PARAM_INT)
		p->initial = (double)info.initial.i;
	name_copy(p->unit, sizeof(p->unit), info.unit);
	for (; p->choices < info.choices; p->choices++)
		name_copy(p->choice[p->choices], PARAM_TEXT_MAX,
			info.choice[p->choices]);
	return 0;
}

int
layout_general(struct layout *l, uint32_t strips)
{
	struct model_config *config = malloc(sizeof(*config));
	void *memory = calloc(1, model_memory_bytes());
	struct model *model = NULL;
	int res = -ENOMEM;

	if (config && memory) {
		model_config_init(config);
		config->strips = l->strips = strips;
		res = model_new(&model, config, memory);
	}
	for (uint32_t id = 0; res == 0 && id < param_count(model_params(model));
		id++)
		res = param_from_table(l, model_params(model), id);
	model_free(model);
	free(memory);
	free(config);
	return res;
}

void
layout_done(struct layout *l)
{
	free(l->param);
	l->param = NULL;
	l->params = 0;
}

/* ---- of a running tapdeck ---- */

static double
number(const struct client_message *m, int arg)
{
	double x = client_number(m, arg);

	return isfinite(x) ? x : 0.0;
}

static void
choices_take(struct layout_param *p, const char *text)
{
	while (*text && p->choices < PARAM_CHOICES_MAX) {
		size_t bytes = strcspn(text, "|");
		char one[PARAM_TEXT_MAX];

		snprintf(one, sizeof(one), "%.*s", (int)bytes, text);
		name_clean(p->choice[p->choices++], PARAM_TEXT_MAX, one);
		text += bytes + (text[bytes] == '|');
	}
}

static void
list_take(void *data, const struct client_message *m)
{
	struct layout *l = data;
	struct layout_param *p;
	const char *address;

	if (strcmp(m->address, "/list") != 0 || m->count <= CLIENT_LIST_UNIT)
		return;
	/* It goes into scripts: no quotes, no blanks. */
	address = client_string(m, CLIENT_LIST_ADDRESS);
	if (address[strspn(address, ADDRESS_LETTERS)])
		return;
	p = param_add(l);
	if (!p)
		return;
	name_copy(p->address, sizeof(p->address), address);
	p->type = (enum param_type) * client_string(m, CLIENT_LIST_TYPE);
	p->min = number(m, CLIENT_LIST_MIN);
	p->max = number(m, CLIENT_LIST_MAX);
	p->initial = number(m, CLIENT_LIST_DEFAULT);
	name_clean(
		p->unit, sizeof(p->unit), client_string(m, CLIENT_LIST_UNIT));
	choices_take(p, client_string(m, CLIENT_LIST_CHOICES));
}

static void
name_take(void *data, const struct client_message *m)
{
	struct layout *l = data;
	unsigned strip;
	int end = 0;

	if (sscanf(m->address, "/strip/%2u/name%n", &strip, &end) != 1 ||
		!end || m->address[end] || strip < 1 || strip > STRIPS_MAX)
		return;
	name_clean(l->name[strip - 1], PARAM_TEXT_MAX, client_string(m, 0));
}

/* Those that have a name, and what fills the last bank for those to come. */
static uint32_t
strips_present(const struct layout *l, uint32_t strips)
{
	uint32_t used = 1;

	for (uint32_t i = 0; i < strips; i++)
		if (l->name[i][0])
			used = i + 1;
	used = (used + BANK - 1) / BANK * BANK;
	return used < strips ? used : strips;
}

int
layout_ask(struct layout *l, struct client *c, uint32_t strips)
{
	uint32_t there = 0;
	int res = client_ask(c, list_take, l, "/list", "");

	if (res == 0)
		res = client_ask(c, name_take, l, "/strip/*/name", "");
	if (res < 0)
		return res;
	while (there < STRIPS_MAX &&
		layout_find(l, "/strip/%u/fader", there + 1))
		there++;
	if (there == 0)
		return -EPROTO;
	l->strips = strips ? strips : strips_present(l, there);
	if (l->strips > there)
		l->strips = there;
	return 0;
}

/* ---- what there is ---- */

const struct layout_param *
layout_find(const struct layout *l, const char *format, ...)
{
	char address[2 * PARAM_ADDRESS_MAX];
	va_list ap;

	va_start(ap, format);
	vsnprintf(address, sizeof(address), format, ap);
	va_end(ap);
	for (uint32_t i = 0; i < l->params; i++)
		if (!strcmp(l->param[i].address, address))
			return &l->param[i];
	return NULL;
}

void
layout_bus(const struct layout *l, char bus[PARAM_TEXT_MAX])
{
	*bus = '\0';
	if (layout_find(l, "/bus/main/fader")) {
		snprintf(bus, PARAM_TEXT_MAX, "main");
		return;
	}
	for (uint32_t i = 0; i < l->params && !*bus; i++) {
		int end = 0;

		if (sscanf(l->param[i].address, "/bus/%63[^/]/fader%n", bus,
			    &end) != 1 ||
			!end)
			*bus = '\0';
	}
}
