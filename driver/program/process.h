/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the kernel says of another process. */
#ifndef PROCESS_H
#define PROCESS_H

#include <stdbool.h>

/* control: by a signal, or by a debugger; false where there is no such
 * process */
bool process_is_stopped(long pid);

#endif
