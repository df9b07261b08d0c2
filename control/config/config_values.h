/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the configuration file means: which keys there are; each value is
 * checked where it is read, and refused with its place. */
#ifndef CONFIG_VALUES_H
#define CONFIG_VALUES_H

#include "control/config/engine_config.h"
#include "control/yaml/tree.h"

/* 0; or -EINVAL and it is refused, and *config is changed in part. */
int config_values(struct engine_config *config, const struct tree *t);

#endif
