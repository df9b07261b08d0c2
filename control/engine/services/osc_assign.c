/* SPDX-License-Identifier: GPL-3.0-or-later */
/* /assign and /app/SLUG/strip: which strip an app is on. */
#include "control/engine/services/services.h"

#include <stdio.h>
#include <string.h>

#include "control/model/rules/hands.h"
#include "control/osc/answers/osc_reply.h"
#include "control/osc/answers/osc_service.h"
#include "control/osc/osc_own.h"

static bool
is_text(const struct osc_request *r, uint32_t i)
{
	return r->types[i] == 's' || r->types[i] == 'S';
}

/* What an argument says: a number from 1, 0 for none, or a word. */
static bool
strip_read(const struct services *s, const struct osc_request *r, uint32_t i,
	int *strip)
{
	const struct model_config *shape = model_config(s->model);
	char text[PARAM_TEXT_MAX] = "";
	double number;

	if (is_text(r, i)) {
		snprintf(text, sizeof(text), "%s", osc_arg_text(r->arg[i]));
	} else if (osc_number(r, i, -1.0, STRIPS_MAX + 1.0, &number)) {
		snprintf(text, sizeof(text), "%.0f", number);
		if (number > -0.5 && number < 0.5)
			strcpy(text, "none");
	}
	*strip = model_strip_named(s->model, text);
	if (*strip >= 0 || *strip == HANDS_NOWHERE ||
		*strip == MODEL_STRIP_AUTO)
		return true;
	osc_refuse(r->osc, r->from, r->address, OSC_CAUSE_ARGS,
		"no strip \"%.40s\"; 1..%u, a name in addresses, none or auto",
		text, shape->strips);
	return false;
}

static bool
app_read(const struct services *s, const struct osc_request *r, const char *app,
	char key[APP_KEY_MAX])
{
	if (model_app_key(s->model, app, key))
		return true;
	osc_refuse(r->osc, r->from, r->address, OSC_CAUSE_ADDRESS,
		"no program \"%.60s\"; /apps tells which there are", app);
	return false;
}

static bool
put(const struct services *s, const struct osc_request *r, const char *key,
	int strip, bool save)
{
	bool was_saved = model_hand_is_saved(s->model, key);

	if (!model_hand(s->model, key, strip, save || was_saved)) {
		osc_refuse(r->osc, r->from, r->address, OSC_CAUSE_ARGS,
			"%d programs are put for good, more cannot be; auto "
			"takes one back",
			HANDS_MAX);
		return false;
	}
	if ((save || was_saved) && s->source.assigned)
		s->source.assigned(s->source.osc.data);
	return true;
}

/* /app/SLUG/strip */
static void
app_strip(void *data, const struct osc_request *r)
{
	const struct services *s = data;
	char key[APP_KEY_MAX];
	int strip;

	if (!app_read(s, r, r->place[0], key))
		return;
	if (r->args > 1)
		osc_refuse_args(r, "none, or a strip");
	else if (r->args == 0)
		osc_tell(r->osc, r->from, r->address, "i",
			model_app_strip(s->model, key) + 1, LO_ARGS_END);
	else if (strip_read(s, r, 0, &strip))
		put(s, r, key, strip, false);
}

/* /assign APP STRIP ["save"]; answers the app's key and its strip */
static void
assign(void *data, const struct osc_request *r)
{
	const struct services *s = data;
	char key[APP_KEY_MAX];
	bool save = r->args == 3 && is_text(r, 2) &&
		    !strcmp(osc_arg_text(r->arg[2]), "save");
	int strip;

	if (r->args < 2 || r->args > 3 || !is_text(r, 0) ||
		(r->args == 3 && !save)) {
		osc_refuse_args(r, "program, strip, \"save\"");
		return;
	}
	if (app_read(s, r, osc_arg_text(r->arg[0]), key) &&
		strip_read(s, r, 1, &strip) && put(s, r, key, strip, save))
		osc_tell(r->osc, r->from, "/assign", "is",
			model_app_strip(s->model, key) + 1, key, LO_ARGS_END);
}

const struct osc_service osc_assign_services[] = {
	{.pattern = "/assign", .call = assign, .answer = "is"},
	{.pattern = "/app/SLUG/strip", .call = app_strip},
	{.pattern = NULL},
};
