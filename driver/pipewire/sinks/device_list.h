/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lists, adds and removes loop devices, on a connection of its own, for a
 * command that does one thing and ends. Each call waits, a few seconds at most,
 * until PipeWire has answered. One thread. */
#ifndef DEVICE_LIST_H
#define DEVICE_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DEVICE_TEXT_MAX	     128
#define DEVICE_RECORDERS_MAX 32

struct device_info {
	uint32_t number; /* 1 is "tapdeck.loop" */
	uint32_t id;	 /* PipeWire's, of now */
	char name[DEVICE_TEXT_MAX];
	char description[DEVICE_TEXT_MAX];
	const char *state; /* "running", "idle", "suspended" ... */
	bool for_run;	   /* goes with the tapdeck that has made it */
	size_t recorders;
	char recorder[DEVICE_RECORDERS_MAX][DEVICE_TEXT_MAX];
};

struct device_list;

/* 0 and *out is the caller's, or *out is NULL and -EHOSTDOWN there is no
 * PipeWire, -ETIMEDOUT it does not answer, -errno */
int device_list_open(struct device_list **out);
void device_list_close(struct device_list *l);

/* The devices that there are, by number; valid until the next call. */
size_t device_list_count(const struct device_list *l);
const struct device_info *device_list_at(const struct device_list *l, size_t i);

/* 0 when it is there, -EEXIST when it was there, -ETIMEDOUT, -errno */
int device_list_add(struct device_list *l, uint32_t number);

/* 0 when it has gone (all of that number), -ENOENT, -ETIMEDOUT, -errno */
int device_list_remove(struct device_list *l, uint32_t number);

#endif
