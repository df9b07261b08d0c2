/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text from outside, made a value or refused: the one place for the words of
 * it, whoever reads. What a refusal says stands behind the value, which is its
 * subject; the caller puts that and the place before it:
 *	tapdeck.yaml:1:9: strips: "65" must be 1..64
 *	--strips 65: must be 1..64
 * All give 0, or -EINVAL and why[CHECK_WHY_MAX]. Any thread. */
#ifndef CHECK_H
#define CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CHECK_WHY_MAX 200 /* bytes with the NUL */

int check_refuse(char *why, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Digits only. */
int check_whole(
	const char *text, uint32_t min, uint32_t max, uint32_t *out, char *why);
/* The same of one that is a number already. */
int check_range(uint32_t value, uint32_t min, uint32_t max, char *why);

/* Decimal; unit: "" or what follows the range, as " seconds" */
int check_number(const char *text, double min, double max, const char *unit,
	double *out, char *why);

/* The index of text in words, a list that ends in NULL. */
int check_word(
	const char *text, const char *const *words, uint32_t *out, char *why);

/* no, off, false; yes, on, true */
int check_truth(const char *text, bool *out, char *why);

/* UTF-8 for people, of less than size_bytes. */
int check_text(const char *text, size_t size_bytes, char *why);
/* The same; to is filled with NUL to its end, so that it compares by bytes. */
int check_text_copy(char *to, size_t size_bytes, const char *text, char *why);

/* Is there room for one more thing? What they are: "buses" */
int check_room(uint32_t used, uint32_t max, const char *things, char *why);

#endif
