/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Memory that the audio thread may touch at any time without meeting a page
 * fault. control. */
#ifndef RESIDENT_H
#define RESIDENT_H

#include <stdbool.h>
#include <stddef.h>

/* Zeroed pages of its own, touched, and locked where the limits of the user
 * allow it. NULL: no memory. */
void *resident_new(size_t bytes);
/* False once any of it could not be locked: it may be swapped out. */
bool resident_all_locked(void);
/* p: NULL is fine. bytes: as before. */
void resident_free(void *p, size_t bytes);

#endif
