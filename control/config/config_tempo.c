/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tempo: and quantise: */
#include "control/config/config_reading.h"

#include "control/util/check.h"
#include "control/yaml/tree_value.h"

struct tempo_keys {
	const struct tree_node *source, *device, *bpm, *offset_ms, *clock_out;
};

/* clang-format off */
const struct keys config_tempo_table[] = {
	KEYS_TEXT(tempo_keys, source),
	KEYS_TEXT(tempo_keys, device),
	KEYS_TEXT(tempo_keys, bpm),
	KEYS_TEXT(tempo_keys, offset_ms),
	KEYS_TEXT(tempo_keys, clock_out),
	KEYS_END};
/* clang-format on */

static int
read_quantise(const struct reading *r)
{
	uint32_t word = 0;
	int rc = tree_word(r->t, r->top.quantise, param_when_words, &word);

	if (r->top.quantise)
		r->to->model.tempo.quantise =
			(enum param_when)(PARAM_AT_ONCE + word);
	return rc;
}

int
config_read_tempo(const struct reading *r)
{
	struct model_tempo *t = &r->to->model.tempo;
	uint32_t source = t->source;
	struct tempo_keys y;
	int rc = read_quantise(r);

	if (!r->top.tempo)
		return rc;
	keys_find(r->top.tempo, config_tempo_table, &y, sizeof(y));
	rc = config_worse(
		rc, tree_word(r->t, y.source, tempo_source_words, &source));
	t->source = (enum tempo_source)source;
	rc = config_worse(
		rc, tree_text(r->t, y.device, t->device, sizeof(t->device)));
	rc = config_worse(rc, tree_number(r->t, y.bpm, TEMPO_MIN_BPM,
				      TEMPO_MAX_BPM, &t->bpm));
	rc = config_worse(
		rc, tree_number(r->t, y.offset_ms, -TEMPO_OFFSET_MAX_MS,
			    TEMPO_OFFSET_MAX_MS, &t->offset_ms));
	return config_worse(rc, tree_truth(r->t, y.clock_out, &t->clock_out));
}
