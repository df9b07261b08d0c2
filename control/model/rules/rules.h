/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The match rules, made ready: what a stream says of itself, and which rule is
 * the first that fits. Control thread only. */
#ifndef RULES_H
#define RULES_H

#include "control/model/rules/rule.h"

/* Of a rule's number, as struct app has it: 0 where nobody was asked. */
#define RULES_NONE UINT32_MAX

struct rules;

/* Of rules that are good, rule[count]. 0 or -ENOMEM */
int rules_new(
	struct rules **out, const struct model_rule *rule, uint32_t count);
void rules_free(struct rules *r); /* NULL is fine */

/* The number of the first that fits, from 1; or RULES_NONE */
uint32_t rules_find(const struct rules *r, const struct driver_stream *s);

/* What of its program this stream belongs to, under the rule of that number:
 * behind key and name stands what tells it from the program's others. */
void rules_group(const struct rules *r, uint32_t number,
	const struct driver_stream *s, char key[APP_KEY_MAX],
	char name[APP_NAME_MAX]);

#endif
