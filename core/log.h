/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The log: a stderr that nobody waits for.
 *
 * Whoever reads it may stop (Ctrl-S, a pager, a full pipe), and then a write
 * waits for as long. So descriptor 2 becomes a pipe of our own, which is
 * written to without waiting, also by the libraries that we use; a thread
 * carries its lines to where stderr went, and may wait as long as it likes.
 * Lines for which the pipe has no room are dropped whole and counted, and the
 * count is said when the reader reads again.
 *
 * Making stderr itself non-blocking was no choice: the terminal is shared with
 * the shell. There is one log a process, as there is one stderr. */
#ifndef LOG_H
#define LOG_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define LOG_LINE_MAX 1024 /* bytes, the newline included; longer is cut */

/* control: carries what is written to descriptor 2 to fd from now on; fd stays
 * the caller's, and -1 means a copy of descriptor 2. dropped is where lines are
 * counted, also by others who share the pipe and have called log_share(); NULL:
 * in this process alone. 0 or -errno: then all is as before. */
int log_start(int fd, _Atomic uint32_t *dropped);

#define LOG_LAST_MS 300 /* what one may wait for the last lines */

/* control: what is left is written, for at most so long, and descriptor 2 is
 * again what it was. False: the reader has not read it, and until the process
 * ends a line may still be written and dropped be looked at. */
bool log_stop(uint32_t wait_ms);

/* control: where lines go in the end, for a child of ours that outlives us; -1
 * when there is no log */
int log_fd(void);

/* control: our descriptor 2 is the pipe of our parent's log: lines for which it
 * has no room are counted here; NULL: no more. */
void log_share(_Atomic uint32_t *dropped);

/* any thread but audio: one line, without its newline. Never waits while there
 * is a log; without one it is written to stderr. */
__attribute__((format(printf, 1, 2))) void log_line(const char *format, ...);

#endif
