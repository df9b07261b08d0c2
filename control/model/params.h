/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parameters by number, read; for control/model/ only. */
#ifndef PARAMS_H
#define PARAMS_H

#include "control/model/model_state.h"

/* ---- param.c ---- */

void params_done(struct params *p);

/* Of an action: that of the parameter it acts on. at: or NULL */
const struct row *params_row(
	const struct params *p, uint32_t id, struct place *at);
/* The numbers that can be set. */
struct span {
	enum param_type type;
	double min, max;
};
struct span params_span(const struct params *p, uint32_t id);

uint32_t params_id(const struct params *p, enum row_name row, struct place at);

/* ---- param_match.c ---- */

enum tail_scope params_scope(const struct row *row);

/* Names and numbers them. 0 or -ENOMEM; then params_done() is fine as well */
int params_init(struct params *p, struct model *c);

#endif
