/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/stage/stages.h"

#include <stddef.h>

#define STAGE_ROW(name) &(name),

const struct stage *const stages_strip[] = {STAGES_STRIP(STAGE_ROW) NULL};
const struct stage *const stages_bus[] = {STAGES_BUS(STAGE_ROW) NULL};
