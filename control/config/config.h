/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The user's configuration, a YAML file. Read, never written. Control thread
 * only. */
#ifndef CONFIG_H
#define CONFIG_H

#include <stddef.h>

#include "control/config/engine_config.h"

#define CONFIG_BYTES_MAX ((size_t)256 * 1024)
#define CONFIG_WHY_MAX	 512 /* bytes with the NUL */

/* Where it is looked for: $XDG_CONFIG_HOME/tapdeck/tapdeck.yaml, by default in
 * ~/.config. 0, -ENOENT (no home), -ENAMETOOLONG. */
int config_path(char *path, size_t size_bytes);

/* Puts what the file says over *config. 0; or an error, *config as before, and
 * one line in why[CONFIG_WHY_MAX]: -ENOENT when there is no such file, -EINVAL
 * with file:line:column, what is wrong and what is allowed, -errno. */
int config_load(struct engine_config *config, const char *path, char *why);

/* The same, and each thing that is wrong with what the file says is told, not
 * the first alone. A file that cannot be read is in why. */
typedef void (*config_told_line)(void *data, const char *line);
int config_load_all(struct engine_config *config, const char *path,
	config_told_line told, void *data, char *why);

#endif
