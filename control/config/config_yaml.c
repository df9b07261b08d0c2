/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/config/config_yaml.h"

#include <cyaml/cyaml.h>

#include "control/yaml/yaml_text.h"

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
	TEXT("pair", yaml_strip, pair),
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
	LIST("push", yaml_osc, push, &text_schema),
	TEXT("network", yaml_osc, network), CYAML_FIELD_END};

static const cyaml_schema_field_t top_fields[] = {
	TEXT("strips", yaml_config, strips),
	LIST("strip", yaml_config, strip, &strip_schema),
	LIST("buses", yaml_config, buses, &bus_schema),
	LIST("routes", yaml_config, routes, &route_schema),
	CYAML_FIELD_MAPPING_PTR("osc", CYAML_FLAG_OPTIONAL, struct yaml_config,
		osc, osc_fields),
	TEXT("tap", yaml_config, tap), TEXT("block", yaml_config, block),
	TEXT("cable", yaml_config, cable), TEXT("grab", yaml_config, grab),
	TEXT("rate", yaml_config, rate), CYAML_FIELD_END};
static const cyaml_schema_value_t top_schema = {CYAML_VALUE_MAPPING(
	CYAML_FLAG_POINTER, struct yaml_config, top_fields)};

static const struct yaml_level levels[] = {{"strip[", strip_fields},
	{"buses[", bus_fields}, {"routes[", route_fields}, {"osc", osc_fields},
	{NULL, NULL}};
static const struct yaml_shape shape = {&top_schema, top_fields, levels};

int
config_yaml_load(struct yaml_config **out, const void *text, size_t size_bytes,
	const struct marks *marks, struct place_in_text *at, char *why)
{
	void *data;
	int rc =
		yaml_text_read(&data, &shape, text, size_bytes, marks, at, why);

	*out = data;
	return rc;
}

void
config_yaml_free(struct yaml_config *y)
{
	yaml_text_free(y, &shape);
}
