/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where apps were put for good, as a file of the state: YAML that people can
 * read, written by `tapdeck assign --save`. Control thread only. */
#ifndef ASSIGN_FILE_H
#define ASSIGN_FILE_H

#include <stddef.h>

#include "control/model/rules/hands.h"

#define ASSIGN_WHY_MAX 512 /* bytes with the NUL */

/* $XDG_STATE_HOME/tapdeck/assign.yaml. 0, -ENOENT (no home), -ENAMETOOLONG */
int assign_path(char *path, size_t size_bytes);

/* Puts what the file says into *h, strips above those that run as well: the
 * next save keeps them. 0; -ENOENT: there is none; -errno and one line in
 * why[ASSIGN_WHY_MAX], and nothing is put. */
int assign_load(struct hands *h, const char *path, char *why);

/* Those that are saved, as the text of a file that is the caller's to free. 0
 * or -ENOMEM */
int assign_text(char **text, size_t *size_bytes, const struct hands *h);

#endif
