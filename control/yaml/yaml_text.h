/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A YAML text read by a schema of libcyaml, with what libcyaml complains of
 * made words for people. Control thread only. */
#ifndef YAML_TEXT_H
#define YAML_TEXT_H

#include <stddef.h>
#include <cyaml/cyaml.h>

#include "control/yaml/config_mark.h"

/* The fields of the mappings whose path begins so. */
struct yaml_level {
	const char *start;		    /* "strip["; NULL ends the table */
	const cyaml_schema_field_t *fields; /* a key in capitals is not told */
};

struct yaml_shape {
	const cyaml_schema_value_t *top; /* a pointer to a mapping */
	const cyaml_schema_field_t *top_fields;
	const struct yaml_level *levels;
};

/* Of a text that marks_init() has seen. 0; *out is NULL when it says nothing at
 * all, else yaml_text_free() is due. Or -ENOMEM, or -EINVAL with the place and
 * why[MARK_WHY_MAX]. */
int yaml_text_read(void **out, const struct yaml_shape *shape, const void *text,
	size_t size_bytes, const struct marks *marks, struct place_in_text *at,
	char *why);
void yaml_text_free(
	void *data, const struct yaml_shape *shape); /* NULL is fine */

#endif
