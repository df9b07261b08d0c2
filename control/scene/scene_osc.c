/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/scene/scene_osc.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/model/scene/fade.h"
#include "control/osc/answers/osc_answer.h"
#include "control/osc/answers/osc_reply.h"
#include "control/osc/answers/osc_service.h"
#include "control/osc/osc_own.h"
#include "control/util/check.h"
#include "control/util/name.h"

/* A file is read and understood: as much as so many messages are. */
#define READ_WORK   256
#define LISTED_WORK 100 /* of a turn of an answer; see osc_ask.c */

#define LISTED_WHY_MAX 512 /* bytes with the NUL, as what is missing is */
#define LISTED_BYTES                                                           \
	((size_t)SCENE_NAME_MAX + SCENE_MISSING_MAX + LISTED_WHY_MAX + 48)

static void
refuse(const struct osc_request *r, const char *why)
{
	osc_refuse(r->osc, r->from, r->address, OSC_CAUSE_VALUE, "%s", why);
}

/* ---- answers ---- */

static void
send_text(struct osc *o, const struct osc_peer *to, const char *address,
	const char *a, const char *b)
{
	lo_message m = lo_message_new();

	if (!m)
		return;
	lo_message_add_string(m, a);
	if (b)
		lo_message_add_string(m, b);
	osc_send(o, to, address, m);
}

static void
send_recalled(const struct osc_request *r, const struct scenes_told *told)
{
	lo_message m = lo_message_new();

	if (!m)
		return;
	lo_message_add_string(m, told->name);
	lo_message_add_int32(m, (int32_t)told->values);
	lo_message_add_float(m, (float)told->fade_s);
	lo_message_add_string(m, told->missing);
	osc_send(r->osc, r->from, "/scene/recalled", m);
}

/* ---- recall, undo ---- */

/* One number at most, the seconds; otherwise it is refused. */
static bool
seconds_of(const struct osc_request *r, double otherwise, double *seconds)
{
	*seconds = otherwise;
	if (r->args == 0 ||
		(r->args == 1 && (r->types[0] == 'T' || r->types[0] == 'I')))
		return true;
	if (r->args == 1 && osc_number(r, 0, 0.0, FADE_MAX_S, seconds))
		return true;
	osc_refuse(r->osc, r->from, r->address, OSC_CAUSE_ARGS,
		"arguments ,%.32s; allowed: none, or seconds as f, 0 to %g",
		r->types, FADE_MAX_S);
	return false;
}

static void
recalled(const struct osc_request *r, int rc, const struct scenes_told *told,
	const char *why)
{
	if (rc < 0)
		refuse(r, why);
	else if (told->pending)
		send_text(r->osc, r->from, "/scene/pending", told->name, NULL);
	else
		send_recalled(r, told);
}

static void
request(struct scene_osc *s, const struct osc_request *r, double seconds)
{
	char why[SCENE_WHY_MAX];
	struct scenes_told told;

	r->osc->work += READ_WORK;
	recalled(r, scenes_request(s->scenes, r->place[0], seconds, &told, why),
		&told, why);
}

static void
recall(void *data, const struct osc_request *r)
{
	double seconds;

	if (r->args == 1 && r->types[0] == 'F') /* a button is let go */
		return;
	if (seconds_of(r, (double)NAN, &seconds))
		request(data, r, seconds);
}

static void
go(void *data, const struct osc_request *r)
{
	if (osc_press(r))
		request(data, r, (double)NAN);
}

static void
undo(void *data, const struct osc_request *r)
{
	struct scene_osc *s = data;
	char why[SCENE_WHY_MAX];
	struct scenes_told told;
	double seconds;

	if (r->args == 1 && r->types[0] == 'F')
		return;
	if (seconds_of(r, 0.0, &seconds))
		recalled(r, scenes_undo(s->scenes, seconds, &told, why), &told,
			why);
}

static void
finish(void *data, const struct osc_request *r)
{
	(void)data;
	if (osc_press(r))
		param_fade_finish(r->osc->params);
}

static void
stop(void *data, const struct osc_request *r)
{
	(void)data;
	if (osc_press(r))
		param_fade_stop(r->osc->params);
}

/* ---- save ---- */

static void
on_saved(void *data, uint64_t ticket, const char *name, int rc)
{
	struct scene_osc *s = data;
	struct scene_waiter *w = &s->waiter[ticket % SCENES_SAVES_MAX];

	if (w->ticket != ticket)
		return;
	w->ticket = 0;
	if (rc == 0)
		send_text(s->osc, &w->peer, "/scene/saved", name, NULL);
	else
		osc_refuse(s->osc, &w->peer, "/scene/saved", OSC_CAUSE_VALUE,
			"scene %s: cannot be saved: %s", name, strerror(-rc));
	osc_out_wake(s->osc); /* there is no request to leave with */
}

static bool
patterns_of(const struct osc_request *r, double *fade_s,
	struct scene_patterns *of, char *why)
{
	uint32_t i = 0;

	*fade_s = (double)NAN;
	of->count = 0;
	if (r->args > 0 && r->types[0] != 's' &&
		osc_number(r, 0, 0.0, FADE_MAX_S, fade_s))
		i++;
	for (; i < r->args; i++) {
		if (r->types[i] != 's') {
			check_refuse(why,
				"arguments ,%.32s; allowed: its fade in "
				"seconds as f, then patterns as s",
				r->types);
			return false;
		}
		if (scene_patterns_add(of, osc_arg_text(r->arg[i]), why) < 0)
			return false;
	}
	return true;
}

static void
save(void *data, const struct osc_request *r)
{
	struct scene_osc *s = data;
	char why[SCENE_WHY_MAX];
	struct scene_patterns of;
	uint64_t ticket;
	double fade_s;

	if (r->args == 1 && r->types[0] == 'F')
		return;
	if (r->args == 1 && (r->types[0] == 'T' || r->types[0] == 'I')) {
		of.count = 0;
		fade_s = (double)NAN;
	} else if (!patterns_of(r, &fade_s, &of, why)) {
		refuse(r, why);
		return;
	}
	if (scenes_save(s->scenes, r->place[0], fade_s, &of, &ticket, why) < 0)
		refuse(r, why);
	else
		s->waiter[ticket % SCENES_SAVES_MAX] =
			(struct scene_waiter){ticket, *r->from};
}

static void
gone(void *data, const struct osc_peer *peer)
{
	struct scene_osc *s = data;

	for (uint32_t i = 0; i < SCENES_SAVES_MAX; i++)
		if (s->waiter[i].ticket &&
			osc_peer_equal(&s->waiter[i].peer, peer))
			s->waiter[i].ticket = 0;
}

/* ---- files ---- */

static void delete (void *data, const struct osc_request *r)
{
	struct scene_osc *s = data;
	char why[SCENE_WHY_MAX];

	if (!osc_press(r))
		return;
	if (scenes_delete(s->scenes, r->place[0], why) < 0)
		refuse(r, why);
	else
		send_text(r->osc, r->from, "/scene/deleted", r->place[0], NULL);
}

static void
rename_to(void *data, const struct osc_request *r)
{
	struct scene_osc *s = data;
	char why[SCENE_WHY_MAX];
	const char *to;

	if (r->args != 1 || r->types[0] != 's') {
		osc_refuse(r->osc, r->from, r->address, OSC_CAUSE_ARGS,
			"arguments ,%.32s; allowed: the new name as s",
			r->types);
		return;
	}
	to = osc_arg_text(r->arg[0]);
	if (scenes_rename(s->scenes, r->place[0], to, why) < 0)
		refuse(r, why);
	else
		send_text(r->osc, r->from, "/scene/renamed", r->place[0], to);
}

/* Where it is stays here. */
static const char *
without_folder(const char *why)
{
	char folder[PATH_MAX];
	size_t length;

	if (scenes_path("", folder) < 0)
		return why;
	length = strlen(folder);
	return strncmp(why, folder, length) == 0 ? why + length : why;
}

static void
send_listed(struct scene_osc *s, const struct osc_peer *to, const char *name)
{
	lo_message m = lo_message_new();
	char why[SCENE_WHY_MAX] = "", shown[LISTED_WHY_MAX];
	struct scene scene = {.fade_s = (double)NAN};

	if (!m)
		return;
	scenes_read(s->scenes, name, &scene, why);
	name_copy(shown, sizeof(shown), without_folder(why));
	lo_message_add_string(m, name);
	lo_message_add_int32(m, (int32_t)scene.count);
	lo_message_add_float(
		m, isnan(scene.fade_s) ? -1.0f : (float)scene.fade_s);
	lo_message_add_string(m, scene.missing);
	lo_message_add_string(m, shown);
	scene_done(&scene);
	osc_send(s->osc, to, "/scene/list", m);
}

/* A few at a time: each is a file that is read. */
static bool
list_step(struct osc *o, struct osc_out *out, const char *none, void *data)
{
	struct scene_osc *s = data;
	char(*names)[SCENE_NAME_MAX];
	int n = scenes_list(s->scenes, &names);

	(void)none;
	if (n < 0) {
		osc_refuse(o, &out->to, "/scene/list", OSC_CAUSE_VALUE, "%s",
			strerror(-n));
		return true;
	}
	while (out->cursor < (uint32_t)n && osc_out_more(o, LISTED_BYTES)) {
		osc_out_worked(o, LISTED_WORK);
		send_listed(s, &out->to, names[out->cursor++]);
	}
	free(names);
	return out->cursor >= (uint32_t)n;
}

static void
list(void *data, const struct osc_request *r)
{
	struct scene_osc *s = data;

	if (!osc_no_arguments(r))
		return;
	r->osc->work += READ_WORK;
	osc_out_ask(r->osc, r->from, &s->listing, "");
}

/* Answers of another server are never answered. */
static const struct osc_service services[] = {
	{.pattern = "/scene/recalled"},
	{.pattern = "/scene/saved", .gone = gone},
	{.pattern = "/scene/pending"},
	{.pattern = "/scene/deleted"},
	{.pattern = "/scene/renamed"},
	{.pattern = "/scene/list", .call = list, .answer = "s"},
	{.pattern = "/scene/undo", .call = undo},
	{.pattern = "/scene/finish", .call = finish},
	{.pattern = "/scene/stop", .call = stop},
	{.pattern = "/scene/NAME/recall", .call = recall},
	{.pattern = "/scene/NAME/go", .call = go},
	{.pattern = "/scene/NAME/save", .call = save},
	{.pattern = "/scene/NAME/delete", .call = delete},
	{.pattern = "/scene/NAME/rename", .call = rename_to},
};

int
scene_osc_serve(struct scene_osc *s, struct osc *o, struct scenes *scenes)
{
	memset(s, 0, sizeof(*s));
	s->osc = o;
	s->scenes = scenes;
	s->listing = (struct osc_question){list_step, true, s};
	scenes_set_saved(scenes, on_saved, s);
	return osc_serve(
		o, services, sizeof(services) / sizeof(services[0]), s);
}
