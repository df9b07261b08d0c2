/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the texts of the configuration file mean: each value is checked where it
 * is read, and refused with its place. */
#ifndef CONFIG_VALUES_H
#define CONFIG_VALUES_H

#include "control/config/config.h"
#include "control/yaml/config_mark.h"
#include "control/config/config_yaml.h"

/* 0; or -EINVAL with why[CONFIG_WHY_MAX], and *config is changed in part. */
int config_values(struct engine_config *config, const struct yaml_config *yaml,
	const struct marks *marks, const char *file, char *why);

#endif
