/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The control thread's event loop: descriptors, timers and signals by poll(2).
 * Control thread only, except loop_stop(), which a signal handler may call. */
#ifndef LOOP_H
#define LOOP_H

#include <stdbool.h>
#include <stdint.h>

struct loop;

typedef void (*loop_ready)(void *data, short revents);
typedef void (*loop_tick)(void *data);

int loop_new(struct loop **out); /* 0 or -errno */
void loop_free(struct loop *l);

/* 0, or -ENOMEM. events as for poll(2); a descriptor stands once. The caller
 * keeps the descriptor, and removes it before it closes it; both may be done
 * from inside a callback. */
int loop_add(
	struct loop *l, int fd, short events, loop_ready ready, void *data);
void loop_set_events(struct loop *l, int fd, short events);
void loop_remove(struct loop *l, int fd);

/* A timer: first after first_ns, then every period_ns (0: once). id >= 0, or
 * -ENOMEM. A period that was missed is not made up for. */
int loop_timer(struct loop *l, uint64_t first_ns, uint64_t period_ns,
	loop_tick tick, void *data);
void loop_timer_again(struct loop *l, int id, uint64_t first_ns);
void loop_timer_remove(struct loop *l, int id);

/* SIGINT, SIGTERM, ... call ready(data, signo) on the loop. One loop at a
 * time may have signals. 0 or -errno. */
int loop_signal(struct loop *l, int signo, loop_ready ready, void *data);

/* Called after each callback of any kind, so that many of them in one turn are
 * no silence. NULL: nobody is. */
void loop_set_beat(struct loop *l, loop_tick beat, void *data);

int loop_run(struct loop *l); /* until loop_stop(); returns its code */
void loop_stop(struct loop *l, int code);

uint64_t loop_now_ns(void); /* CLOCK_MONOTONIC */

#endif
