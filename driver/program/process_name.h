/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the kernel calls a process. */
#ifndef PROCESS_NAME_H
#define PROCESS_NAME_H

#include <stdbool.h>
#include <stddef.h>

/* control: at most 15 bytes, without ".exe" or what is left of it. Waits for
 * nobody: unlike a process's arguments, this is not read out of its memory. */
bool process_name(const char *pid, char *name, size_t size_bytes);

#endif
