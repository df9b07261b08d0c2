/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a character is written with a-z, 0-9 and '-'. Pure function. */
#ifndef NAME_LETTERS_H
#define NAME_LETTERS_H

#include <stdint.h>

#define LETTERS_MAX 5 /* with the NUL */

/* Latin, Greek and Cyrillic letters as they are mostly written; "-" for what is
 * no letter; "" for what has no such way of writing, and is left out. */
void name_letters(uint32_t c, char out[LETTERS_MAX]);

#endif
