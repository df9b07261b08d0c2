/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tablets and other machines. Control thread only. */
#ifndef ENGINE_NETWORK_H
#define ENGINE_NETWORK_H

#include "control/engine/engine_own.h"

/* Says where tablets find it, and has them find it. */
void engine_network_start(struct engine *e);

#endif
