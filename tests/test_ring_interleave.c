/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "core/ring/interleave.h"

#define CHANNELS RING_CHANNELS_MAX
#define FRAMES	 70u /* lines of a cache, and some more */

static bool
processor_has(uint32_t vector_words)
{
#ifdef __x86_64__
	if (vector_words == 16)
		return __builtin_cpu_supports("avx512f");
	if (vector_words == 8)
		return __builtin_cpu_supports("avx2");
#endif
	return vector_words == 4;
}

/* Words of any bits, NaN and denormals among them: no plane's, no frame's word
 * is another's. */
static uint32_t
word_of(uint32_t channel, uint32_t frame)
{
	return (frame * CHANNELS + channel + 1) * 2654435761u;
}

/* Planes and frames of exactly their size, so that the address sanitizer sees
 * one word too far. */
static void
frames_check(const struct ring_writer *w, uint32_t offset, uint32_t n)
{
	uint32_t channels = w->channels;
	size_t plane_bytes = (offset + n) * sizeof(float);
	uint32_t *dst = malloc((size_t)n * channels * sizeof(*dst) + 1);
	float *plane[CHANNELS];

	assert_non_null(dst);
	for (uint32_t c = 0; c < channels; c++) {
		assert_non_null(plane[c] = malloc(plane_bytes + 1));
		for (uint32_t i = 0; i < offset + n; i++) {
			uint32_t word = word_of(c, i);

			memcpy(&plane[c][i], &word, sizeof(word));
		}
	}
	w->interleave((float *)(void *)dst, (const float *const *)plane,
		channels, offset, n);
	for (uint32_t i = 0; i < n; i++)
		for (uint32_t c = 0; c < channels; c++)
			if (dst[(size_t)i * channels + c] !=
				word_of(c, offset + i))
				fail_msg("%u channels, frame %u of %u from %u, "
					 "channel %u",
					channels, i, n, offset, c);
	for (uint32_t c = 0; c < channels; c++)
		free(plane[c]);
	free(dst);
}

static void
every_way_moves_every_word_to_its_place(void **state)
{
	(void)state;
	for (uint32_t words = 4; words <= 16; words *= 2) {
		if (!processor_has(words)) {
			print_message("no vectors of %u words here\n", words);
			continue;
		}
		for (uint32_t c = 2; c <= CHANNELS; c++) {
			struct ring_writer w = {.channels = c};

			ring_interleave_choose(&w, words);
			for (uint32_t n = 0; n <= FRAMES; n++)
				frames_check(&w, n % 5, n);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_way_moves_every_word_to_its_place),
	};

	return cmocka_run_group_tests_name(
		"ring, interleave", tests, NULL, NULL);
}
