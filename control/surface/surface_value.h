/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What surface_value.c is to its neighbours. */
#ifndef SURFACE_VALUE_H
#define SURFACE_VALUE_H

#include "control/surface/surface_own.h"

/* The parameter as a number, and as a position of the control. */
double surface_number(const struct surface *s, const struct binding *b);
double surface_number_of(const struct surface *s, const struct binding *b,
	const struct param_value *v);
double surface_way(const struct surface *s, const struct binding *b);
double surface_way_of(
	const struct surface *s, const struct binding *b, double number);
/* From a value of its message to a number of the parameter. */
void surface_curve(
	const struct surface *s, const struct binding *b, struct curve *out);
double surface_number_at(
	const struct surface *s, const struct binding *b, double way);
/* What a button sets it to: pressed, or let go; of a toggle, on or off. */
double surface_end(const struct surface *s, const struct binding *b, bool high);
/* The larger share of the range: switched on. */
bool surface_is_on(const struct binding *b, double number);
/* Is this value what the control would set it to? */
bool surface_is_value(const struct surface *s, const struct binding *b,
	const struct param_value *now);

/* Parameters that an address or a pattern names, in ids[]: how many. */
uint32_t surface_match(struct surface *s, const char *address);

/* As a change of the parameter is given; see param_check(). */
struct param_value surface_value(const struct binding *b, double number);
/* One change more of this event, and all of them at once. */
void surface_change_put(struct surface *s, const struct binding *b,
	const struct param_value *value);
void surface_change_number(
	struct surface *s, const struct binding *b, double number);
void surface_change_apply(
	struct surface *s, enum param_when when, uint64_t frame);
/* When what a button says is made; a hand that stays on it does not wait. */
enum param_when surface_when(const struct mapping_control *c);

#endif
