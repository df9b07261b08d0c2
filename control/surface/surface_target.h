/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What surface_target.c is to its neighbours. */
#ifndef SURFACE_TARGET_H
#define SURFACE_TARGET_H

#include "control/surface/surface_own.h"

/* Looks the targets up for the bank of now. */
void surface_bind(struct surface *s);
/* The nearest first strip that a bank can have. */
uint32_t surface_bank_within(const struct surface *s, int64_t bank);
/* By so many strips; what is held there is let go of at this frame. */
void surface_bank_move(struct surface *s, int by, uint64_t frame);

#endif
