/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The arguments of a liblo message. A lo_arg lies wherever the packet has it,
 * often not aligned as the union would have to be: it must be copied from, not
 * accessed. Host order, as lo_message_get_argv() gives them. Any thread. */
#ifndef OSC_ARG_H
#define OSC_ARG_H

#include <lo/lo_lowlevel.h>
#include <stdint.h>
#include <string.h>

static inline int32_t
osc_arg_int(const void *arg)
{
	int32_t value;

	memcpy(&value, arg, sizeof(value));
	return value;
}

static inline int64_t
osc_arg_long(const void *arg)
{
	int64_t value;

	memcpy(&value, arg, sizeof(value));
	return value;
}

static inline float
osc_arg_float(const void *arg)
{
	float value;

	memcpy(&value, arg, sizeof(value));
	return value;
}

static inline double
osc_arg_double(const void *arg)
{
	double value;

	memcpy(&value, arg, sizeof(value));
	return value;
}

static inline const char *
osc_arg_text(const void *arg)
{
	return arg;
}

#endif
