/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/config_yaml.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <cyaml/cyaml.h>

#define TEXT(key, type, member)                                                \
	CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_OPTIONAL, struct type, member,  \
		0, CYAML_UNLIMITED)
#define LIST(key, type, member, schema)                                        \
	CYAML_FIELD_SEQUENCE(key, CYAML_FLAG_OPTIONAL | CYAML_FLAG_POINTER,    \
		struct type, member, schema, 0, CYAML_UNLIMITED)

static const cyaml_schema_value_t text_schema = {
	CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 0, CYAML_UNLIMITED)};

static const cyaml_schema_field_t strip_fields[] = {
	TEXT("number", yaml_strip, number), TEXT("name", yaml_strip, name),
	LIST("match", yaml_strip, match, &text_schema), CYAML_FIELD_END};
static const cyaml_schema_value_t strip_schema = {CYAML_VALUE_MAPPING(
	CYAML_FLAG_DEFAULT, struct yaml_strip, strip_fields)};

static const cyaml_schema_field_t bus_fields[] = {TEXT("name", yaml_bus, name),
	TEXT("sink", yaml_bus, sink), CYAML_FIELD_END};
static const cyaml_schema_value_t bus_schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct yaml_bus, bus_fields)};

static const cyaml_schema_field_t route_fields[] = {
	TEXT("name", yaml_route, name),
	LIST("buses", yaml_route, buses, &text_schema), CYAML_FIELD_END};
static const cyaml_schema_value_t route_schema = {CYAML_VALUE_MAPPING(
	CYAML_FLAG_DEFAULT, struct yaml_route, route_fields)};

static const cyaml_schema_field_t osc_fields[] = {TEXT("bind", yaml_osc, bind),
	TEXT("port", yaml_osc, port),
	LIST("peers", yaml_osc, peers, &text_schema),
	LIST("push", yaml_osc, push, &text_schema), CYAML_FIELD_END};

static const cyaml_schema_field_t top_fields[] = {
	TEXT("strips", yaml_config, strips),
	LIST("strip", yaml_config, strip, &strip_schema),
	LIST("buses", yaml_config, buses, &bus_schema),
	LIST("routes", yaml_config, routes, &route_schema),
	CYAML_FIELD_MAPPING_PTR("osc", CYAML_FLAG_OPTIONAL, struct yaml_config,
		osc, osc_fields),
	TEXT("tap", yaml_config, tap), TEXT("block", yaml_config, block),
	TEXT("cable", yaml_config, cable), TEXT("grab", yaml_config, grab),
	CYAML_FIELD_END};
static const cyaml_schema_value_t top_schema = {CYAML_VALUE_MAPPING(
	CYAML_FLAG_POINTER, struct yaml_config, top_fields)};

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
fields_at(const char *path)
{
	static const struct {
		const char *start;
		const cyaml_schema_field_t *fields;
	} rows[] = {{"strip[", strip_fields}, {"buses[", bus_fields},
		{"routes[", route_fields}, {"osc", osc_fields}};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (!strncmp(path, rows[i].start, strlen(rows[i].start)))
			return rows[i].fields;
	}
	return top_fields;
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
mark_of_stray(const struct marks *marks, const char *key,
	const cyaml_schema_field_t **fields)
{
	for (uint32_t i = 0; i < marks->count; i++) {
		const char *path = marks->mark[i].path;
		const char *dot = strrchr(path, '.');

		*fields = dot ? fields_at(path) : top_fields;
		if (!strcmp(dot ? dot + 1 : path, key) &&
			!has_key(*fields, key))
			return &marks->mark[i];
	}
	return NULL;
}

/* no key "prt" here; one of strips, ... */
static void
say_key(const struct marks *marks, const char *key, struct place_in_text *at,
	char *why)
{
	const cyaml_schema_field_t *f = top_fields;
	const struct mark *mark = mark_of_stray(marks, key, &f);
	size_t used = (size_t)snprintf(
		why, MARK_WHY_MAX, "no key \"%.60s\" here; one of", key);

	if (!mark)
		f = top_fields;
	else
		*at = mark->key;
	for (const char *comma = ""; f->key; f++, comma = ",") {
		if (used >= MARK_WHY_MAX)
			break;
		used += (size_t)snprintf(why + used, MARK_WHY_MAX - used,
			"%s %s", comma, f->key);
	}
}

/* libcyaml's words, made ours. */
static void
say(const struct complaint *c, const struct marks *marks,
	struct place_in_text *at, char *why)
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
		say_key(marks, c->message + sizeof(no_key) - 1, at, why);
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
config_yaml_load(struct yaml_config **out, const void *text, size_t size_bytes,
	const struct marks *marks, struct place_in_text *at, char *why)
{
	struct complaint c = {.message = ""};
	cyaml_config_t settings;
	cyaml_data_t *data = NULL;
	cyaml_err_t err;

	*out = NULL;
	if (marks->count == 0) /* blanks and remarks only */
		return 0;
	err = cyaml_load_data(text, size_bytes, cyaml_settings(&c, &settings),
		&top_schema, &data, NULL);
	if (err == CYAML_ERR_OOM)
		return -ENOMEM;
	if (err != CYAML_OK) {
		if (!c.message[0])
			snprintf(c.message, sizeof(c.message), "%s",
				cyaml_strerror(err));
		say(&c, marks, at, why);
		return -EINVAL;
	}
	*out = data;
	return 0;
}

void
config_yaml_free(struct yaml_config *y)
{
	cyaml_config_t settings;

	if (y)
		cyaml_free(cyaml_settings(NULL, &settings), &top_schema, y, 0);
}
