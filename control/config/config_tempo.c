/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tempo: and quantise: */
#include "control/config/config_reading.h"

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

void
config_read_tempo(const struct reading *r)
{
	struct model_tempo *t = &r->to->model.tempo;
	uint32_t source = t->source, when = 0;
	struct tempo_keys y;

	tree_word(r->t, r->top.quantise, param_when_words, &when);
	if (r->top.quantise)
		t->quantise = (enum param_when)(PARAM_AT_ONCE + when);
	if (!r->top.tempo)
		return;
	keys_find(r->top.tempo, config_tempo_table, &y, sizeof(y));
	tree_word(r->t, y.source, tempo_source_words, &source);
	t->source = (enum tempo_source)source;
	tree_text(r->t, y.device, t->device, sizeof(t->device));
	tree_number(r->t, y.bpm, TEMPO_MIN_BPM, TEMPO_MAX_BPM, &t->bpm);
	tree_number(r->t, y.offset_ms, -TEMPO_OFFSET_MAX_MS,
		TEMPO_OFFSET_MAX_MS, &t->offset_ms);
	tree_truth(r->t, y.clock_out, &t->clock_out);
}
