/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What values of a YAML text mean, and how one is refused with its place.
 * Control thread only. */
#ifndef YAML_VALUE_H
#define YAML_VALUE_H

#include <stdint.h>

#include "control/yaml/config_mark.h"

#define YAML_WHY_MAX 512 /* bytes with the NUL */

/* The text that is being read. */
struct yaml_source {
	const char *file;
	const struct marks *marks;
	char *why; /* [YAML_WHY_MAX] */
};

/* FILE:LINE:COLUMN: PATH: text, in s->why. Gives -EINVAL. */
int yaml_refuse(const struct yaml_source *s, const char *path,
	const char *format, ...) __attribute__((format(printf, 3, 4)));

/* FILE:LINE:COLUMN: PATH: "VALUE" why, of what check.h says of it. */
int yaml_refuse_value(const struct yaml_source *s, const char *path,
	const char *value, const char *why);

/* 0 or -EINVAL, and then it is refused. */
int yaml_whole(const struct yaml_source *s, const char *path, const char *text,
	uint32_t min, uint32_t max, uint32_t *out);
/* The index of text in words, a list that ends in NULL. */
int yaml_word(const struct yaml_source *s, const char *path, const char *text,
	const char *const *words, uint32_t *out);

#endif
