/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is peculiar to the rows of tempo. They keep what control/tempo/ says and
 * is told; it listens. */
#include <string.h>

#include "control/model/model_state.h"
#include "control/model/row.h"

const char *const param_when_words[] = {
	"off", "beat", "bar", "2bars", "4bars", NULL};

const char *const tempo_source_words[] = {
	[TEMPO_AUTO] = "auto",
	[TEMPO_MIDI] = "midi",
	[TEMPO_OWN] = "own",
	[TEMPO_OFF] = "off",
	[TEMPO_SOURCES] = NULL,
};

static uint32_t
words(const char *const *word, const char *choice[PARAM_CHOICES_MAX])
{
	uint32_t n = 0;

	for (; word[n]; n++)
		choice[n] = word[n];
	return n;
}

uint32_t
rows_quantise_choices(
	const struct model *c, const char *choice[PARAM_CHOICES_MAX])
{
	(void)c;
	return words(param_when_words, choice);
}

uint32_t
rows_source_choices(
	const struct model *c, const char *choice[PARAM_CHOICES_MAX])
{
	(void)c;
	return words(tempo_source_words, choice);
}

double
rows_tempo_start(const struct model *c)
{
	return c->config.tempo.bpm > 0.0 ? c->config.tempo.bpm : 120.0;
}

double
rows_offset_start(const struct model *c)
{
	return c->config.tempo.offset_ms;
}

double
rows_source_start(const struct model *c)
{
	return c->config.tempo.source;
}

double
rows_clock_out_start(const struct model *c)
{
	return c->config.tempo.clock_out;
}

double
rows_quantise_start(const struct model *c)
{
	enum param_when when = c->config.tempo.quantise;

	return when == PARAM_AS_SET ? 0.0 : when - PARAM_AT_ONCE;
}
