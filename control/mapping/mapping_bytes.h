/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages that are written as their bytes. For mapping*.c only. */
#ifndef MAPPING_BYTES_H
#define MAPPING_BYTES_H

#include "control/mapping/mapping_row.h"

/* What is left of a text that strtok_r() has begun. */
int mapping_bytes(struct mapping_reader *m, char **rest);
int mapping_sysex_fits(struct mapping_reader *m);

/* start, repeat, every */
int mapping_starts(const struct mapping_reading *r);

#endif
