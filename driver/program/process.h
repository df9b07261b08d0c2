/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the kernel says of another process. */
#ifndef PROCESS_H
#define PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* control: the letter that proc(5) has for a process; '?' when it has none */
char process_state(pid_t pid);
/* control: by a signal, or by a debugger */
bool process_is_stopped(pid_t pid);

/* control: what it is called, at most 15 bytes, without ".exe" or what is left
 * of it. Waits for nobody: unlike a process's arguments, this is not read out
 * of its memory. */
bool process_name(const char *pid, char *name, size_t size_bytes);

#endif
