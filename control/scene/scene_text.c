/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From values to a text. */
#include "control/scene/scene.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/util/text.h"

uint32_t
scene_now(const struct params *p, uint32_t id,
	struct param_change out[SCENE_FOLD_MAX])
{
	char sends[PARAM_ADDRESS_MAX + 8], why[PARAM_WHY_MAX];
	uint32_t ids[SCENE_FOLD_MAX], n;
	struct param_value same;
	struct param_info info;
	char *tail;

	out[0].id = id;
	param_get(p, id, &out[0].value);
	if (param_check(p, id, &out[0].value, &same, why) == 0)
		return 1;
	/* A route that has no name. */
	param_info(p, id, &info);
	tail = strrchr(info.address, '/');
	snprintf(sends, sizeof(sends), "%.*s/send/*",
		(int)(tail - info.address), info.address);
	n = param_match(p, sends, ids, SCENE_FOLD_MAX);
	n = n < SCENE_FOLD_MAX ? n : SCENE_FOLD_MAX;
	for (uint32_t i = 0; i < n; i++) {
		out[i].id = ids[i];
		param_get(p, ids[i], &out[i].value);
	}
	return n;
}

/* ---- a value ---- */

static void
number_put(FILE *f, double number)
{
	char text[32];

	text_float(text, sizeof(text), number);
	fputs(text, f);
}

static void
text_put(FILE *f, const char *text)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz-";

	if (text[0] >= 'a' && text[strspn(text, plain)] == '\0') {
		fputs(text, f);
		return;
	}
	fputc('"', f);
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			fputc('\\', f);
		fputc(*text, f);
	}
	fputc('"', f);
}

static void
value_put(FILE *f, const struct param_value *v)
{
	if (v->type == PARAM_FLOAT)
		number_put(f, v->f);
	else if (v->type == PARAM_INT)
		fprintf(f, "%lld", (long long)v->i);
	else
		text_put(f, v->s);
}

/* ---- groups ---- */

struct writing {
	FILE *f;
	const struct params *p;
	char section[16]; /* "strips" */
	char group[PARAM_NAMED_MAX];
};

static bool
is_initial(const struct param_change *c, const struct param_info *info)
{
	if (info->type == PARAM_FLOAT)
		return (float)c->value.f == (float)info->initial.f;
	if (info->type == PARAM_INT)
		return c->value.i == info->initial.i;
	return !strcmp(c->value.s, info->initial.s);
}

/* The address without what stands before its group, which is "" of the mixer
 * itself: "spotify/eq/low". False: a strip without a name, of which only what
 * was moved counts. */
static bool
named(const struct writing *w, uint32_t id, char out[PARAM_NAMED_MAX])
{
	bool has_name = param_address(w->p, id, PARAM_BY_SLUG, out);

	if (!has_name)
		param_address(w->p, id, PARAM_BY_NUMBER, out);
	return has_name || strncmp(out, "/strip/", 7) != 0;
}

static void
section_put(struct writing *w, const char *section)
{
	if (!strcmp(w->section, section))
		return;
	snprintf(w->section, sizeof(w->section), "%s", section);
	w->group[0] = '\0';
	fprintf(w->f, "%s:\n", section);
}

static void
group_put(struct writing *w, const char *group, int length)
{
	if ((int)strlen(w->group) == length &&
		!strncmp(w->group, group, (size_t)length))
		return;
	snprintf(w->group, sizeof(w->group), "%.*s", length, group);
	fputs("  ", w->f);
	text_put(w->f, w->group);
	fputs(":\n", w->f);
}

static void
change_put(struct writing *w, const struct param_change *c)
{
	char address[PARAM_NAMED_MAX];
	const char *name, *tail;
	struct param_info info;

	param_info(w->p, c->id, &info);
	if (!named(w, c->id, address) && is_initial(c, &info))
		return;
	if (strncmp(address, "/strip/", 7) && strncmp(address, "/bus/", 5)) {
		section_put(w, "mixer");
		fprintf(w->f, "  %s: ", address + 1);
	} else {
		section_put(w, address[1] == 's' ? "strips" : "buses");
		name = strchr(address + 1, '/') + 1;
		tail = strchr(name, '/') + 1;
		group_put(w, name, (int)(tail - 1 - name));
		fprintf(w->f, "    %s: ", tail);
	}
	value_put(w->f, &c->value);
	fputc('\n', w->f);
}

int
scene_text(char **text, size_t *size_bytes, const struct params *p,
	const bool *in, double fade_s)
{
	struct writing w = {.p = p};
	struct param_change now[SCENE_FOLD_MAX];
	bool bad;

	*text = NULL;
	w.f = open_memstream(text, size_bytes);
	if (!w.f)
		return -ENOMEM;
	fputs("# A scene of tapdeck. What is not in it is left alone; a strip "
	      "that is not\n# there is skipped. See tapdeck(1), scene.\n",
		w.f);
	if (!isnan(fade_s)) {
		fputs("fade: ", w.f);
		number_put(w.f, fade_s);
		fputc('\n', w.f);
	}
	for (uint32_t id = 0; id < param_count(p); id++) {
		uint32_t n = in[id] ? scene_now(p, id, now) : 0;

		for (uint32_t i = 0; i < n; i++)
			change_put(&w, &now[i]);
	}
	bad = ferror(w.f);
	if (fclose(w.f) == 0 && !bad)
		return 0;
	free(*text);
	*text = NULL;
	return -ENOMEM;
}
