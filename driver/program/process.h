/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the kernel says of another process. */
#ifndef PROCESS_H
#define PROCESS_H

#include <stdbool.h>
#include <sys/types.h>

/* control: the letter that proc(5) has for a process; '?' when it has none */
char process_state(pid_t pid);
/* control: by a signal, or by a debugger */
bool process_is_stopped(pid_t pid);

#endif
