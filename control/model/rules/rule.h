/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One match rule, as it is written down: plain data. Pure functions. */
#ifndef RULE_H
#define RULE_H

#include <stdbool.h>
#include <stdint.h>

#include "driver/driver.h"

#define RULES_MAX	    64
#define RULE_CONDITIONS_MAX 4
#define RULE_PROPERTY_MAX   48 /* bytes with the NUL */
#define RULE_NO_STRIP	    UINT32_MAX

/* What a stream has to say of itself: see match.h. */
struct model_condition {
	char property[RULE_PROPERTY_MAX]; /* "": its program's key or name */
	char pattern[APP_KEY_MAX];
};

/* Where all of them hold, the stream's program goes to this strip, with these
 * two of its outputs; see driver_tap(). */
struct model_rule {
	uint32_t conditions;
	struct model_condition condition[RULE_CONDITIONS_MAX];
	uint32_t strip; /* 0.., or RULE_NO_STRIP: as it comes */
	uint32_t pair;	/* 1..PAIRS_MAX; 0: not said */
	bool ignore;	/* on no strip, and left alone */
	/* Streams that differ in it are programs of their own; or "" */
	char split[RULE_PROPERTY_MAX];
	uint32_t line; /* of the configuration's file; 0: of an option */
};

/* What a word of the rules stands for: binary is application.process.binary.
 * What has a dot stands for itself; NULL: neither. */
const char *rule_property(const char *word);

/* 0, or -EINVAL, -ENOMEM and why[CHECK_WHY_MAX], in the words of check.h. word
 * is such a one, or "": a pattern of key or name. One that is wrong says at
 * which byte. */
int rule_condition(struct model_rule *rule, const char *word,
	const char *pattern, uint32_t *at, char *why);
int rule_split(struct model_rule *rule, const char *word, char *why);

/* Of one that anybody may have made: is it as these would have made it? The
 * strip, below `strips`. why says of which rule. */
int rule_check(const struct model_rule *rule, uint32_t strips, char *why);

#endif
