/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/yaml/yaml_text.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* What libcyaml logs about a refusal: the message, then where it was, the
 * innermost first. */
struct complaint {
	char message[MARK_WHY_MAX];
	struct place_in_text at;
};

static void
on_log(cyaml_log_t level, void *data, const char *format, va_list args)
{
	static const char start[] = "Load: ";
	struct complaint *c = data;
	char line[MARK_WHY_MAX];
	const char *place;

	(void)level;
	vsnprintf(line, sizeof(line), format, args);
	line[strcspn(line, "\n")] = '\0';
	place = strstr(line, "(line: ");
	if (!c->message[0])
		memcpy(c->message,
			line + (strncmp(line, start, sizeof(start) - 1)
					       ? 0
					       : sizeof(start) - 1),
			sizeof(c->message) - sizeof(start));
	else if (place && !c->at.line)
		sscanf(place, "(line: %u, column: %u)", &c->at.line,
			&c->at.column);
}

static const cyaml_config_t *
cyaml_settings(struct complaint *c, cyaml_config_t *settings)
{
	*settings = (cyaml_config_t){
		.log_fn = c ? on_log : NULL,
		.log_ctx = c,
		.log_level = CYAML_LOG_ERROR,
		.mem_fn = cyaml_mem,
		.flags = CYAML_CFG_NO_ALIAS,
	};
	return settings;
}

static const cyaml_schema_field_t *
fields_at(const struct yaml_shape *shape, const char *path)
{
	for (const struct yaml_level *l = shape->levels; l->start; l++) {
		if (!strncmp(path, l->start, strlen(l->start)))
			return l->fields;
	}
	return shape->top_fields;
}

static const struct mark *
mark_at(const struct marks *marks, struct place_in_text at)
{
	for (uint32_t i = 0; i < marks->count; i++) {
		if (marks->mark[i].value.line == at.line &&
			marks->mark[i].value.column == at.column)
			return &marks->mark[i];
	}
	return NULL;
}

static bool
has_key(const cyaml_schema_field_t *fields, const char *key)
{
	while (fields->key && strcmp(fields->key, key) != 0)
		fields++;
	return fields->key;
}

/* The first of this key where it does not belong: libcyaml names the place of
 * what came before it. Its parent's fields are *fields. */
static const struct mark *
mark_of_stray(const struct yaml_shape *shape, const struct marks *marks,
	const char *key, const cyaml_schema_field_t **fields)
{
	for (uint32_t i = 0; i < marks->count; i++) {
		const char *path = marks->mark[i].path;
		const char *dot = strrchr(path, '.');

		*fields = dot ? fields_at(shape, path) : shape->top_fields;
		if (!strcmp(dot ? dot + 1 : path, key) &&
			!has_key(*fields, key))
			return &marks->mark[i];
	}
	return NULL;
}

/* no key "prt" here; one of strips, ... */
static void
say_key(const struct yaml_shape *shape, const struct marks *marks,
	const char *key, struct place_in_text *at, char *why)
{
	const cyaml_schema_field_t *f = shape->top_fields;
	const struct mark *mark = mark_of_stray(shape, marks, key, &f);
	const char *comma = "";
	size_t used = (size_t)snprintf(
		why, MARK_WHY_MAX, "no key \"%.60s\" here; one of", key);

	if (!mark)
		f = shape->top_fields;
	else
		*at = mark->key;
	for (; f->key && used < MARK_WHY_MAX; f++) {
		if (isupper((unsigned char)f->key[0]))
			continue;
		used += (size_t)snprintf(why + used, MARK_WHY_MAX - used,
			"%s %s", comma, f->key);
		comma = ",";
	}
}

/* libcyaml's words, made ours. */
static void
say(const struct complaint *c, const struct yaml_shape *shape,
	const struct marks *marks, struct place_in_text *at, char *why)
{
	static const char no_key[] = "Unexpected key: ";
	static const char other[] = "Expecting ";
	static const struct {
		const char *theirs, *ours;
	} kinds[] = {{"SEQUENCE", "a list"}, {"MAPPING", "keys and values"},
		{"STRING", "one value"}};
	const struct mark *mark;

	*at = c->at;
	if (!at->line) /* the whole */
		*at = marks->count ? marks->mark[0].value
				   : (struct place_in_text){1, 1};
	mark = mark_at(marks, *at);
	snprintf(why, MARK_WHY_MAX, "%s", c->message);
	if (!strncmp(c->message, no_key, sizeof(no_key) - 1)) {
		say_key(shape, marks, c->message + sizeof(no_key) - 1, at, why);
		return;
	}
	if (strncmp(c->message, other, sizeof(other) - 1) != 0)
		return;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (!strncmp(c->message + sizeof(other) - 1, kinds[i].theirs,
			    strlen(kinds[i].theirs)))
			snprintf(why, MARK_WHY_MAX, "%s%smust be %s",
				mark ? mark->path : "",
				mark && mark->path[0] ? " " : "",
				kinds[i].ours);
	}
}

int
yaml_text_read(void **out, const struct yaml_shape *shape, const void *text,
	size_t size_bytes, const struct marks *marks, struct place_in_text *at,
	char *why)
{
	struct complaint c = {.message = ""};
	cyaml_config_t settings;
	cyaml_data_t *data = NULL;
	cyaml_err_t err;

	*out = NULL;
	if (marks->count == 0) /* blanks and remarks only */
		return 0;
	err = cyaml_load_data(text, size_bytes, cyaml_settings(&c, &settings),
		shape->top, &data, NULL);
	if (err == CYAML_ERR_OOM)
		return -ENOMEM;
	if (err != CYAML_OK) {
		if (!c.message[0])
			snprintf(c.message, sizeof(c.message), "%s",
				cyaml_strerror(err));
		say(&c, shape, marks, at, why);
		return -EINVAL;
	}
	*out = data;
	return 0;
}

void
yaml_text_free(void *data, const struct yaml_shape *shape)
{
	cyaml_config_t settings;

	if (data)
		cyaml_free(
			cyaml_settings(NULL, &settings), shape->top, data, 0);
}
