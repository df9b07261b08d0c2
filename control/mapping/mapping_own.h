/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the parts of the mapping loader share. For mapping*.c only. */
#ifndef MAPPING_OWN_H
#define MAPPING_OWN_H

#include "control/mapping/mapping.h"
#include "control/mapping/mapping_yaml.h"
#include "control/yaml/yaml_value.h"

#define MAPPING_ROW_MAX	     128 /* controls of one entry */
#define MAPPING_LINE_MAX     512 /* bytes of a text with the NUL */
#define MAPPING_WORDS_MAX    192 /* bytes of a list of words for messages */
#define MAPPING_ALIKE_MAX    16	 /* devices of one name */
#define MAPPING_METER_MIN_DB (-120.0)
#define MAPPING_METER_MAX_DB 24.0

/* The messages of one entry, a range expanded. */
struct mapping_row {
	uint32_t count;
	struct mapping_message message[MAPPING_ROW_MAX];
};

_Static_assert(MAPPING_WHY_MAX == YAML_WHY_MAX, "one line for people");

struct mapping_reading {
	struct yaml_source in;
	struct marks marks; /* in.marks */
	const struct yaml_mapping *yaml;
	const struct params *params;
	struct mapping *to;
	uint8_t channel; /* where a message names none */
	enum mapping_takeover takeover;
	struct mapping_row on, light, touch; /* of the entry at work */
};

/* ---- words and numbers: mapping_words.c ---- */

/* All of it is a number. */
bool mapping_is_number(const char *text, double *out);
int mapping_number(const struct mapping_reading *r, const char *path,
	const char *text, double min, double max, double *out);
int mapping_truth(const struct mapping_reading *r, const char *path,
	const char *text, bool *out);
int mapping_text(const struct mapping_reading *r, const char *path,
	const char *text, char *out, size_t size_bytes);

/* Element `index` of a list such as 1-8, 0-56/8, 1,3,both; its length. Or
 * -EINVAL: not such a list, -E2BIG: longer than MAPPING_ROW_MAX. */
int mapping_list(const char *text, size_t length, unsigned base, uint32_t index,
	char *out, size_t size_bytes);

/* text with each {list} made its element; every list has one element or
 * `count`. */
int mapping_expand(const struct mapping_reading *r, const char *path,
	const char *text, uint32_t index, uint32_t count, char *out,
	size_t size_bytes);

/* ---- messages: mapping_message.c ---- */

#define MAPPING_BLANKS " \t"

struct mapping_reader {
	const struct mapping_reading *r;
	const char *path;
	struct mapping_row *row;
};

/* One message, of nothing yet. */
void mapping_row_begin(struct mapping_reader *m, uint8_t channel);
/* A list of numbers, one for each message of the row: out[MAPPING_ROW_MAX]. */
int mapping_numbers(struct mapping_reader *m, const char *text, unsigned base,
	uint32_t min, uint32_t max, uint32_t *out);

int mapping_messages(const struct mapping_reading *r, const char *path,
	const char *text, struct mapping_row *out);
/* Its values have 14 bits by data entry. */
bool mapping_is_numbered(const struct mapping_message *m);
/* "cc 7 of channel 1" */
void mapping_message_text(
	const struct mapping_message *m, char *out, size_t size_bytes);

/* ---- bytes: mapping_bytes.c ---- */

/* What is left of a text that strtok_r() has begun. */
int mapping_bytes(struct mapping_reader *m, char **rest);
int mapping_sysex_fits(struct mapping_reader *m);
int mapping_starts(const struct mapping_reading *r);

/* ---- one entry: mapping_control.c ---- */

int mapping_layers(struct mapping_reading *r);
int mapping_controls(struct mapping_reading *r);

/* ---- how it moves: mapping_move.c ---- */

struct mapping_entry {
	struct mapping_reading *r;
	const struct yaml_control *y;
	char path[MARK_PATH_MAX]; /* "controls[3]" */
	char key[MARK_PATH_MAX];  /* of mapping_key() */
};

/* The path of a key of the entry, until the next call. */
const char *mapping_key(struct mapping_entry *e, const char *key);
/* Refuses a text that is there and does not fit: "only for WHAT". */
int mapping_only(struct mapping_entry *e, const char *key, const char *text,
	bool fits, const char *what);
/* c->as and c->message are there. */
int mapping_move(struct mapping_entry *e, struct mapping_control *c);

/* ---- what is shown: mapping_light.c ---- */

/* For element `index` of the entry; c->as and the targets are there. */
int mapping_light(const struct mapping_reading *r, const struct yaml_control *y,
	const char *entry, uint32_t index, struct mapping_control *c);

/* What "on" is sent as, the most that can be. */
uint16_t mapping_light_top(const struct mapping_message *m);

/* ---- levels: mapping_meter.c ---- */

/* c->as, the message of the light and c->meter are there. */
int mapping_meter_target(const struct mapping_reading *r,
	const struct yaml_control *y, const char *entry, uint32_t index,
	struct mapping_control *c);
/* What of `light` differs for a meter; for others, that they have none of it.
 * c->light.kind is there. */
int mapping_meter_light(const struct mapping_reading *r,
	const struct yaml_control *y, const char *entry, uint32_t index,
	struct mapping_control *c);

/* ---- parameters: mapping_target.c ---- */

/* One address more. */
int mapping_target(const struct mapping_reading *r, const char *path,
	const char *text, uint32_t index, struct mapping_control *c);
int mapping_targets(const struct mapping_reading *r,
	const struct yaml_control *y, const char *entry, uint32_t index,
	struct mapping_control *c);
/* c->value, range and curve fit the targets. */
int mapping_targets_fit(const struct mapping_reading *r, const char *entry,
	const struct mapping_control *c);
/* The parameters of a target, those of strip 1 for any strip: how many. */
uint32_t mapping_target_ids(const struct mapping_reading *r,
	const struct mapping_target *t, uint32_t *ids, uint32_t max);
/* A number, or a text where the first target is one. */
int mapping_value(const struct mapping_reading *r, const char *path,
	const char *text, const struct mapping_control *c,
	struct param_value *out);

#endif
